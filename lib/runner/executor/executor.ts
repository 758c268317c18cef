import type { Json } from "../names.ts";
import type { InputFile, TaskProvenance } from "../task.ts";

/** All that a task gets: files, params and its provenance, and what it is allowed. */
export interface Job {
  /** Folder of the snapshot of the code: absolute. */
  readonly code: string;
  /** URL of the task's module in that folder. */
  readonly module: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly seed: string;
  readonly inputs: Readonly<Record<string, InputFile>>;
  /** Paths in the staging folder by logical name: absolute. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly provenance: TaskProvenance;
  /** The staging folder of the run: absolute. */
  readonly staging: string;
  readonly permissions: {
    /** Absolute paths. */
    readonly read: readonly string[];
    /** Absolute paths. */
    readonly write: readonly string[];
    /** Hosts that may be reached, `name`, `name:port` or `*.name`. */
    readonly network: readonly string[];
    /** Folder that outlives runs, to be read and written. */
    readonly downloads: string | undefined;
    /** Names of secrets to be handed over: never their values, since a job may be kept. */
    readonly secrets: readonly string[];
    /** Whether native code may be loaded. */
    readonly native: boolean;
    /** Environment variables that are passed on. */
    readonly env: readonly string[];
  };
  /** Seconds after which the task is ended. */
  readonly timeout: number | undefined;
  /** Bytes of resident memory beyond which the task is ended. */
  readonly memory: number | undefined;
  /** How many GPUs are the task's alone. */
  readonly gpus: number;
}

/** What a running task reports. */
export type Message =
  | { readonly kind: "progress"; readonly share: number; readonly message: string }
  | { readonly kind: "log"; readonly message: string }
  /** `once`: about this run alone, not about its result. */
  | { readonly kind: "warning"; readonly message: string; readonly once: boolean };

/** How a task ended. */
export type Ending =
  | { readonly kind: "done" }
  | {
    readonly kind: "failed";
    readonly message: string;
    readonly input: boolean;
    /** Of an error of the system: its code, "" where it has none. */
    readonly code?: string;
  };

/** What ends a task from outside: a limit of its resources, or somebody who gives no reason. */
export type EndedBy = "timeout" | "oom" | "killed";

/** A task that did not end well. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  /** Whether it is for a person to fix in their input, rather than an error of the program. */
  readonly input: boolean;
  /** What ended it from outside, if anything did. */
  readonly by: EndedBy | undefined;

  constructor(message: string, input: boolean, by?: EndedBy) {
    super(message);
    this.input = input;
    this.by = by;
  }
}

/** Runs tasks somewhere: here, or on a cluster. */
export interface Executor {
  /**
   * Runs one task to its end. When it returns, nothing of the task is alive any more.
   *
   * @param job What to run.
   * @param listen Receives what the task reports, in order.
   * @param signal Ends the task.
   * @throws {TaskFailure} When it fails, is ended, takes too long or uses too much memory.
   */
  run(job: Job, listen: (message: Message) => void, signal: AbortSignal): Promise<void>;
}
