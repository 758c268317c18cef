import { dirname, isAbsolute, join, relative } from "@std/path";
import { InputError } from "../../base/errors.ts";
import { taskCode } from "../modules.ts";
import { planWorkflow } from "../config/plan.ts";
import { select, selectResults } from "./select.ts";
import type { Command } from "./command.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import type { Project } from "../project.ts";
import type { Options } from "./options.ts";
import { write } from "./output.ts";

/** An editor writes a file in several steps: a build begins when all is quiet for so long. */
const QUIET_MS = 200;

/** What is watched whether or not workflow.yaml can be read. */
const ALWAYS = ["workflow.yaml", "deno.json", "deno.lock"];

/** Folders of code. */
const CODE = ["tasks", "lib"];

/**
 * `watch`: builds, and again whenever workflow.yaml, the code or an input changes. A change while a
 * build is on ends that build; what it finished is kept. Each build has its own process, since
 * a process does not load a module twice.
 */
export const watch: Command = async (project, options) =>
  await interruptible(async (signal) => {
    while (!signal.aborted) {
      const { folders, concerns } = await watched(project, options);
      using watcher = Deno.watchFs([...folders], { recursive: false });
      const changed = nextChange(watcher, concerns, signal);
      const code = await buildOnce(project, options, AbortSignal.any([signal, changed.signal]));
      if (code !== undefined && !signal.aborted) write("\nWatching for changes; Ctrl-C ends.\n");
      const path = await changed.path;
      if (path !== undefined) write(`\n${relative(project.root, path)} changed.\n`);
    }
    return INTERRUPTED;
  });

interface Watched {
  readonly folders: ReadonlySet<string>;
  /** Whether a change of this file asks for a build. */
  readonly concerns: (path: string) => boolean;
}

async function watched(project: Project, options: Options): Promise<Watched> {
  const { root } = project;
  const always = ALWAYS.map((name) => join(root, name));
  const code = await Promise.all(CODE.map((name) => foldersBelow(join(root, name))));
  try {
    const plan = await planWorkflow(project, options.overrides);
    const names = options.targets.length > 0 ? select(plan, options.targets) : selectResults(plan);
    const targets = [...names].flatMap((name) => plan.targets.get(name) ?? []);
    const own = targets.flatMap(({ inputs }) => [...inputs.values()])
      .filter(({ producer }) => producer === undefined)
      .map(({ path }) => isAbsolute(path) ? path : join(root, path));
    const modules = [...(await taskCode(root, targets.map(({ taskId }) => taskId))).values()]
      .flatMap(({ modules }) => Object.keys(modules).map((path) => join(root, path)));
    const files = new Set([...always, ...own, ...modules]);
    return {
      folders: new Set([...[...files].map(dirname), ...code.flat()]),
      concerns: (path) => files.has(path),
    };
  } catch (error) {
    // The build reports what is wrong; any change of the code may fix it.
    if (!(error instanceof InputError)) throw error;
    return {
      folders: new Set([root, ...code.flat()]),
      concerns: (path) => always.includes(path) || path.endsWith(".ts"),
    };
  }
}

async function foldersBelow(folder: string): Promise<string[]> {
  const found = [folder];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) found.push(...await foldersBelow(join(folder, name)));
    }
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
  return found;
}

interface Change {
  /** Aborted at the first change. */
  readonly signal: AbortSignal;
  /** What changed, once all is quiet. */
  readonly path: Promise<string | undefined>;
}

function nextChange(
  watcher: Deno.FsWatcher,
  concerns: Watched["concerns"],
  end: AbortSignal,
): Change {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  end.addEventListener("abort", () => resolve(undefined), { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  (async () => {
    for await (const { kind, paths } of watcher) {
      const path = paths.find(concerns);
      if (path === undefined || kind === "access") continue;
      controller.abort();
      clearTimeout(timer);
      timer = setTimeout(() => resolve(path), QUIET_MS);
    }
  })();
  return { signal: controller.signal, path: promise };
}

/** One build; its exit code, or undefined when it was ended. */
async function buildOnce(
  { root, results }: Project,
  { args, targets }: Options,
  signal: AbortSignal,
): Promise<number | undefined> {
  const command = targets.length === 0 ? "reproduce" : "build";
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      // As the tasks of deno.json allow it.
      ...["-RES", `-W=cache,${results}`, "--allow-run"],
      Deno.mainModule,
      command,
      ...args,
    ],
    cwd: root,
  }).spawn();
  const end = (): void => {
    try {
      child.kill("SIGINT");
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const { code } = await child.status;
  signal.removeEventListener("abort", end);
  return signal.aborted ? undefined : code;
}
