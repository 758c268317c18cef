import type { z } from "zod";
import type { Digest } from "../base/digest.ts";

/** A file that a task reads: where its bytes are now, and their SHA-256. */
export interface InputFile {
  /** Absolute path, to be read only. */
  readonly path: string;
  /** What to call it in messages: the path in workflow.yaml. */
  readonly name: string;
  readonly digest: Digest;
}

/** What a task knows about its place in the workflow, to be written into what it makes. */
export interface TaskProvenance {
  /** Name of the target in workflow.yaml. */
  readonly target: string;
  /** The task's module, relative to the project. */
  readonly task: string;
  /** The target's content-hash key: only for results that no other target reads. */
  readonly key: Digest;
  /** Name and version of the runtime and of the packages that the task imports. */
  readonly software: Readonly<Record<string, string>>;
}

/** All that a running task sees. */
export interface TaskContext<Params, Input extends string, Output extends string> {
  /** Resolved and validated parameters. */
  readonly params: Params;
  /** Seed of the task's random streams, derived from the root seed and the task id. */
  readonly seed: string;
  /** Input files by logical name; one declared optional may be absent. */
  readonly inputs: Readonly<Partial<Record<Input, InputFile>>>;
  /** Absolute paths in the staging folder, to be written by the task, by logical name. */
  readonly outputs: Readonly<Record<Output, string>>;
  readonly provenance: TaskProvenance;
  /** A folder that outlives runs, for what has been fetched; only of a task with a network. */
  readonly downloads: string | undefined;
  /** The secrets that the task declared and that are there. */
  readonly secrets: Readonly<Partial<Record<string, string>>>;
  /** Reports progress: a share in [0, 1] and a short text such as "iteration 12". */
  progress(share: number, message?: string): void;
  /** Adds a line to the log that is kept with the record. */
  log(message: string): void;
  /**
   * As log(), and shown to the person: each time that the result is used, since it is about the result;
   * or once, when the task runs, where it is about this run alone.
   */
  warn(message: string, once?: "once"): void;
}

/** A task module's export. */
export interface Task<
  Schema extends z.ZodObject = z.ZodObject,
  Input extends string = string,
  Output extends string = string,
> {
  /** One sentence. */
  readonly description: string;
  /** Schema of the parameters; unknown ones are refused. Without it, there are none. */
  readonly params?: Schema;
  /** The inputs by logical name: what each is, and whether it may be left out. */
  readonly inputs: Readonly<
    Record<Input, {
      /** The kind of file, such as `csv`: for readers. */
      readonly kind: string;
      readonly optional?: boolean;
      /** Whether it may be a folder of such files instead. */
      readonly folder?: boolean;
    }>
  >;
  /** The outputs by logical name. */
  readonly outputs: Readonly<Record<Output, { readonly kind: string }>>;
  /** True when the result depends on the seed. */
  readonly seeded?: boolean;
  /** True when the task runs native code: it may load libraries, and the key names the platform. */
  readonly native?: boolean;
  /** Hosts that the task may reach, as `name`, `name:port` or `*.name`; without it, none. */
  network?(params: z.output<Schema>): readonly string[];
  /** Secrets that the task is handed: no part of the key, and redacted from all that it reports. */
  readonly secrets?: readonly string[];
  /**
   * Finds errors that the schema cannot see, such as a parameter that asks for an absent input.
   *
   * @returns The name of the parameter that is wrong and what to do, or undefined when all is well.
   */
  check?(
    params: z.output<Schema>,
    inputs: ReadonlySet<Input>,
  ): { readonly param: string; readonly message: string } | undefined;
  run(context: TaskContext<z.output<Schema>, Input, Output>): Promise<void>;
}

/**
 * Declares a task, inferring its types. Put it as the default export of `tasks/NAME.ts`.
 *
 * @param task The declaration.
 * @returns The same, typed.
 */
export function defineTask<
  Schema extends z.ZodObject,
  Input extends string,
  Output extends string,
>(task: Task<Schema, Input, Output>): Task<Schema, Input, Output> {
  return task;
}
