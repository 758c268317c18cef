/**
 * The command line: `deno task reproduce | build | status | clean`.
 *
 * Exit codes: 0 fine, 1 a task failed (or `status --check` found something stale), 2 a fault in
 * the command line, workflow.yaml or the data, 130 interrupted.
 *
 * @module
 */
import { join } from "@std/path";
import { InputError } from "../errors.ts";
import { assessAll, openWorkspace } from "./assess.ts";
import type { Listener } from "./event.ts";
import { localExecutor } from "./local_executor.ts";
import { nearest } from "./nearest.ts";
import type { TargetName } from "./names.ts";
import { type Options, readOptions } from "./options.ts";
import { type Plan, planWorkflow } from "./plan.ts";
import { runTargets } from "./run.ts";
import { select, selectFigures } from "./select.ts";
import { allFresh, statusTable } from "./status.ts";
import { terminal } from "./terminal.ts";

const USAGE = `Usage: deno task COMMAND [TARGET…] [OPTIONS]

  reproduce            build every figure
  build TARGET…        build some targets and what they need; * and ? match
  status [TARGET…]     say what is fresh and why the rest is not
  clean                remove what was built from figures/ and cache/; the cached results stay

  --set NAME=VALUE     another value for a name under params, such as pool.tau=0.2
  --device DEVICE      auto, cpu or cuda: short for --set fiml.device=DEVICE
  --jobs N             so many tasks at a time (2)
  --keep-going         go on with what does not need a failed target
  --dry-run            say what would run, and run nothing
  --check              status: exit with 1 when anything is not fresh
  --quiet, --json      say less; say it as JSON lines
`;

type Command = (root: string, options: Options) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  reproduce: async (root, options) => {
    if (options.targets.length > 0) {
      const [target] = options.targets;
      throw new InputError(`reproduce builds every figure; write: deno task build ${target}`);
    }
    return await make(root, options, selectFigures);
  },
  build: async (root, options) => {
    if (options.targets.length === 0) {
      throw new InputError("build needs a target, such as figures/fig_parallel_analysis.pdf");
    }
    return await make(root, options, (plan) => select(plan, options.targets));
  },
  status: async (root, options) => {
    const plan = await planWorkflow(root, options.overrides);
    const names = options.targets.length > 0
      ? select(plan, options.targets)
      : new Set(plan.targets.keys());
    return await report(plan, names, options);
  },
  clean,
};

async function make(
  root: string,
  options: Options,
  choose: (plan: Plan) => ReadonlySet<TargetName>,
): Promise<number> {
  const plan = await planWorkflow(root, options.overrides);
  const names = choose(plan);
  if (options.dryRun) return await report(plan, names, { ...options, check: false });
  const workspace = await openWorkspace(plan);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  try {
    const { failed, input } = await runTargets(
      workspace,
      names,
      localExecutor(root),
      { jobs: options.jobs, keepGoing: options.keepGoing, signal: interrupt.signal },
      listener(options),
    );
    if (interrupt.signal.aborted) return 130;
    return failed.length === 0 ? 0 : input ? 2 : 1;
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
  }
}

async function report(
  plan: Plan,
  names: ReadonlySet<TargetName>,
  options: Options,
): Promise<number> {
  const workspace = await openWorkspace(plan);
  const states = await assessAll(workspace, names);
  await workspace.digests.save();
  const text = options.json
    ? JSON.stringify([...states].map(([target, { state, ...rest }]) => ({
      target,
      state,
      reasons: "reasons" in rest ? rest.reasons : [],
    })))
    : statusTable(states, width());
  write(`${text}\n`);
  return options.check && !allFresh(states) ? 1 : 0;
}

async function clean(root: string, options: Options): Promise<number> {
  const plan = await planWorkflow(root, options.overrides);
  const workspace = await openWorkspace(plan);
  let removed = 0;
  for (const { outputs } of plan.targets.values()) {
    for (const path of outputs.values()) {
      const digest = await workspace.digests.of(join(root, path));
      if (digest === undefined) continue;
      if (!await workspace.store.hasContent(digest)) {
        write(`${path} is no task's work; it stays\n`);
        continue;
      }
      if (!options.dryRun) await Deno.remove(join(root, path));
      removed++;
    }
  }
  write(`${removed} files ${options.dryRun ? "would be " : ""}removed; \`deno task reproduce\` `);
  write("restores them from the cache.\n");
  return 0;
}

function listener(options: Options): Listener {
  if (options.json) return (event) => write(`${JSON.stringify(event)}\n`);
  const interactive = Deno.stdout.isTerminal();
  return terminal({
    interactive,
    color: interactive && !Deno.env.get("NO_COLOR"),
    quiet: options.quiet,
    columns: width(),
    write,
  });
}

/** Characters a line of the terminal has; a file has as many as one likes. */
function width(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) start += Deno.stdout.writeSync(bytes.subarray(start));
}

/**
 * Runs one command.
 *
 * @param args The command's name and its arguments.
 * @param root Folder of workflow.yaml.
 * @returns The exit code.
 */
export async function main(args: readonly string[], root: string): Promise<number> {
  const [name, ...rest] = args;
  try {
    const command = COMMANDS[name ?? ""];
    if (name === undefined || name === "--help" || name === "help") {
      write(USAGE);
      return name === undefined ? 2 : 0;
    }
    if (command === undefined) {
      throw new InputError(`There is no command ${name}${nearest(name, Object.keys(COMMANDS))}`);
    }
    const options = readOptions(rest);
    if (options.help) {
      write(USAGE);
      return 0;
    }
    return await command(root, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    Deno.stderr.writeSync(new TextEncoder().encode(`${error.message}\n`));
    return 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args, Deno.cwd()));
