import type { Digest } from "../base/digest.ts";
import type { Json } from "./names.ts";
import type { Secret } from "./secrets.ts";

/** A result of one run, whatever stands in its place by now. */
export interface Result {
  /** Its place, relative to the project. */
  readonly path: string;
  readonly digest: Digest;
  /** Where its bytes are. */
  readonly file: string;
  /** The params of its target. */
  readonly params: Readonly<Record<string, Json>>;
}

/** A project as its `main.ts` hands it to the runner: where it lies, and its conventions. */
export interface Project {
  /** Folder of workflow.yaml, absolute. */
  readonly root: string;
  /** Name of the folder of results for people, beside `cache/`: `reproduce` builds what goes there. */
  readonly results: string;
  /** Ending, without a dot, of the results that `--copy-to` copies unless `--copy` says otherwise; without it, all. */
  readonly copied?: string;
  /**
   * By a name for `--copy`, what makes texts from the results of a run: the texts, by file name. `fresh` gives the
   * results of another target; none where it would have to run.
   */
  readonly extras?: Readonly<
    Record<
      string,
      (
        results: readonly Result[],
        fresh: (target: string) => Promise<readonly Result[]>,
      ) => Promise<Readonly<Record<string, string>>>
    >
  >;
  /** Says what the results are made from, such as "from simulated data", by the values of params. */
  readonly origin?: (param: (name: string) => unknown) => string | undefined;
  /** Secrets that a task may ask for; `env` in workflow.yaml may name none of them. */
  readonly secrets?: readonly Secret[];
  /** Environment variables, beyond the library path, by which native code finds its libraries. */
  readonly nativeEnv?: readonly string[];
  /** The variable by which native code is told which GPUs it may use; among `nativeEnv`. */
  readonly gpuEnv?: string;
}
