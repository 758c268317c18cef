import { join, toFileUrl } from "@std/path";
import type { Json } from "../names.ts";
import type { SecretName } from "../secrets.ts";

/** What a task module declares, as plain data. */
export interface TaskDefinition {
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { readonly optional: boolean; readonly folder: boolean }>
  >;
  /** Logical names. */
  readonly outputs: readonly string[];
  /** Names of the parameters. */
  readonly params: readonly string[];
  readonly seeded: boolean;
  readonly native: boolean;
  readonly secrets: readonly SecretName[];
}

/** What a task says of the params of one target. */
export interface CheckedParams {
  readonly issues: readonly {
    readonly path: readonly string[];
    readonly message: string;
    /** Names of params that the task does not have. */
    readonly unknown: readonly string[];
  }[];
  readonly fault: { readonly param: string; readonly message: string } | undefined;
  readonly network: readonly string[];
}

/** What is asked: the modules, and the targets whose params they are to check. */
export interface DefinitionsRequest {
  readonly modules: readonly { readonly id: string; readonly url: string }[];
  readonly targets: readonly {
    readonly name: string;
    readonly task: string;
    readonly params: Readonly<Record<string, Json>>;
    /** Logical names of the inputs that it has. */
    readonly inputs: readonly string[];
  }[];
}

/** What is answered. */
export interface Definitions {
  readonly tasks: Map<string, TaskDefinition>;
  /** Why a module has no task: the error, or "" where it has no such export. */
  readonly failures: Map<string, string>;
  /** By name of the target. */
  readonly checked: Map<string, CheckedParams>;
}

/** Modules that do not load within this time, in ms, hang. */
const LOAD_LIMIT = 30_000;

/** A worker's options where it has permissions of its own, which the types do not know. */
interface RestrictedWorkerOptions extends WorkerOptions {
  readonly deno: { readonly permissions: Deno.PermissionOptionsObject };
}

/**
 * Loads the definitions of tasks in a worker that may read the project's code and nothing else: the code
 * of a task runs before it is asked for, by any command.
 *
 * @param root Folder of the project.
 * @param request Task modules by id, relative to the project, and the targets to check.
 */
export async function loadDefinitions(
  root: string,
  ids: readonly string[],
  targets: DefinitionsRequest["targets"],
): Promise<Definitions> {
  const none: Definitions = { tasks: new Map(), failures: new Map(), checked: new Map() };
  if (ids.length === 0) return none;
  const options: RestrictedWorkerOptions = {
    type: "module",
    deno: {
      permissions: {
        read: ["tasks", "lib", "node_modules"].map((folder) => join(root, folder)),
        write: false,
        net: false,
        env: false,
        run: false,
        ffi: false,
        sys: false,
        import: false,
      },
    },
  };
  const worker = new Worker(import.meta.resolve("./definitions_worker.ts"), options);
  const modules = ids.map((id) => ({ id, url: toFileUrl(join(root, id)).href }));
  const failAll = (reason: string): Definitions => ({
    ...none,
    failures: new Map(ids.map((id) => [id, reason])),
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Definitions>((resolve) => {
      timer = setTimeout(
        () => resolve(failAll(`it, or another, did not load within ${LOAD_LIMIT / 1000} s`)),
        LOAD_LIMIT,
      );
      worker.onmessage = ({ data }: MessageEvent<Definitions>): void =>
        resolve(data?.tasks instanceof Map ? data : failAll("its module sends messages"));
      worker.onerror = (event): void => {
        event.preventDefault();
        resolve(failAll(event.message));
      };
      worker.postMessage({ modules, targets } satisfies DefinitionsRequest);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
