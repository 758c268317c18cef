import type { Json } from "../names.ts";
import type { SecretName } from "../secrets.ts";
import type { InputFile, TaskProvenance } from "../task.ts";

/** All that a task gets: files, params and its provenance, and what it is allowed. */
export interface Job {
  /** URL of the task's module. */
  readonly module: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly seed: string;
  readonly inputs: Readonly<Record<string, InputFile>>;
  /** Staging paths by logical name. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly provenance: TaskProvenance;
  readonly permissions: {
    /** Absolute paths. */
    readonly read: readonly string[];
    /** The staging folder. */
    readonly write: string;
    /** Hosts that may be reached, `name`, `name:port` or `*.name`. */
    readonly network: readonly string[];
    /** Folder that outlives runs, to be read and written. */
    readonly downloads: string | undefined;
    /** Names of secrets to be handed over: never their values, since a job may be kept. */
    readonly secrets: readonly SecretName[];
    /** Whether native code may be loaded. */
    readonly native: boolean;
    /** Environment variables that are passed on. */
    readonly env: readonly string[];
  };
  /** Whether it may follow another job of the same module in one worker. */
  readonly stateless: boolean;
  /** Seconds after which the task is ended. */
  readonly timeout: number | undefined;
}

/** What a running task tells. */
export type Message =
  | { readonly kind: "progress"; readonly share: number; readonly message: string }
  | { readonly kind: "log"; readonly message: string }
  /** `once`: about this run alone, not about its result. */
  | { readonly kind: "warning"; readonly message: string; readonly once: boolean };

/** A task that did not end well. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  /** Whether what a person gave is at fault, rather than the program. */
  readonly input: boolean;

  constructor(message: string, input: boolean) {
    super(message);
    this.input = input;
  }
}

/** Runs tasks somewhere: here, or on a cluster. */
export interface Executor {
  /**
   * Runs one task to its end.
   *
   * @param job What to run.
   * @param listen Receives what the task tells, in order.
   * @param signal Ends the task.
   * @throws {TaskFailure} When it fails, is ended, or takes too long.
   */
  run(job: Job, listen: (message: Message) => void, signal: AbortSignal): Promise<void>;
}

/** Whether a task's process is to run no other: native code and secrets stay in it. */
export function needsOwnProcess({ permissions: { native, network, secrets } }: Job): boolean {
  return native || network.length > 0 || secrets.length > 0;
}
