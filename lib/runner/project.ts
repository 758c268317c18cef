import type { Secret } from "./secrets.ts";

/** A project as its `main.ts` hands it to the runner: where it lies, and its conventions. */
export interface Project {
  /** Folder of workflow.yaml, absolute. */
  readonly root: string;
  /** Name of the folder of results for people, beside `cache/`: `reproduce` builds what goes there. */
  readonly results: string;
  /** Ending of the results that `--copy-to` copies unless `--copy` says otherwise; without it, all. */
  readonly copied?: string;
  /** Says what the results are made from, such as "from simulated data", by the values of params. */
  readonly origin?: (param: (name: string) => unknown) => string | undefined;
  /** Secrets that a task may ask for; `env` in workflow.yaml may name none of them. */
  readonly secrets?: readonly Secret[];
  /** Environment variables, beyond the library path, by which native code finds its libraries. */
  readonly nativeEnv?: readonly string[];
  /** The variable by which native code is told which GPUs it may use; among `nativeEnv`. */
  readonly gpuEnv?: string;
}
