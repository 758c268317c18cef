/**
 * Times the runner: see README.md. Prints the rows of its table.
 *
 *     deno run -A bench/workflow.ts [--quick]
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { openWorkspace } from "../lib/runner/assess.ts";
import type { Executor } from "../lib/runner/executor/executor.ts";
import { planWorkflow } from "../lib/runner/config/plan.ts";
import { runTargets } from "../lib/runner/run.ts";
import { selectResults } from "../lib/runner/cli/select.ts";
import { writeSyntheticProject } from "./synthetic_project.ts";

const quick = Deno.args.includes("--quick");

/** Layers and width of the synthetic graphs. */
const [SMALL, MIDDLE, LARGE] = [[5, 100], [10, 200], [10, 1000]] as const;

/** What the tasks of deno.json allow. */
const RUN = ["run", "-RES", "-W=cache,figures", "--allow-run", "lib/main.ts"];

/** Does what the synthetic task does, in this process: it fills a cache in a fraction of the time. */
const inProcess: Executor = {
  async run({ inputs, outputs }): Promise<void> {
    const number = (name: string): number =>
      Number(Deno.readTextFileSync(inputs[name]?.path ?? ""));
    const joined = String((number("a") * 31 + number("b")) % 1000003);
    await Deno.writeTextFile(outputs["joined"] ?? "", joined);
  },
};

/** Runs a command; seconds of wall time. */
async function once(cwd: string, command: string, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const { success, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdout: "null",
    stderr: "piped",
  }).output();
  const seconds = (performance.now() - began) / 1000;
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return seconds;
}

/** Times commands in turn, so that a busy machine is as busy for each; the least of each. */
async function least(
  times: number,
  commands: readonly (() => Promise<number>)[],
): Promise<number[]> {
  const found = commands.map(() => Infinity);
  for (let i = 0; i < times; i++) {
    for (const [k, command] of commands.entries()) {
      found[k] = Math.min(found[k] ?? Infinity, await command());
    }
  }
  return found;
}

function row(what: string, ours = NaN, peer = NaN): void {
  const text = (seconds: number): string => isNaN(seconds) ? "" : `${seconds.toPrecision(3)} s`;
  const ratio = isNaN(peer) ? "" : `${(peer / ours).toFixed(2)} ×`;
  // deno-lint-ignore no-console -- this is what it is for
  console.log(`| ${what} | ${text(ours)} | ${text(peer)} | ${ratio} |`);
}

/** A project of its own for the work, removed afterwards. */
async function inProject(
  [layers, width]: readonly [number, number],
  loops: boolean,
  work: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "workflow-bench-" });
  try {
    await writeSyntheticProject(root, layers, width, loops);
    await work(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function fill(root: string): Promise<void> {
  const plan = await planWorkflow({ root, results: "figures" }, []);
  const options = { jobs: 16, keepGoing: false, signal: new AbortController().signal };
  const workspace = await openWorkspace(plan);
  await runTargets(workspace, selectResults(plan), inProcess, options, () => {});
}

const deno = Deno.execPath();
const project = fromFileUrl(new URL("../", import.meta.url));
const here = (): Promise<number> => once(project, deno, ["task", "reproduce"]);
await here();
row("this project, no-op, `deno task` included", ...await least(10, [here]));

for (const [size, loops] of [[MIDDLE, true], [MIDDLE, false], [LARGE, true]] as const) {
  if (quick && size === LARGE) continue;
  await inProject(size, loops, async (root) => {
    const targets = size[0] * size[1];
    const how = loops ? "by loops" : "written out";
    const plan = (): Promise<number> => once(root, deno, [...RUN, "reproduce", "--dry-run"]);
    const noop = (): Promise<number> => once(root, deno, [...RUN, "reproduce"]);
    row(
      `${targets} targets ${how}, plan (\`--dry-run\`, nothing built)`,
      ...await least(5, [plan]),
    );
    await fill(root);
    row(`${targets} targets ${how}, no-op`, ...await least(5, [noop]));
  });
}

await inProject(SMALL, false, (root) =>
  inProject(SMALL, false, async (peerRoot) => {
    const ours = (): Promise<number> => once(root, deno, [...RUN, "reproduce", "--jobs", "2"]);
    const peer = (): Promise<number> => once(peerRoot, "snakemake", ["--cores", "2", "--quiet"]);
    const cold = (folder: string, run: () => Promise<number>) => async (): Promise<number> => {
      for (const name of ["cache", "figures", ".snakemake"]) {
        await Deno.remove(join(folder, name), { recursive: true }).catch(() => {});
      }
      return await run();
    };
    let value = 1000;
    const changed = (folder: string, run: () => Promise<number>) => async (): Promise<number> => {
      await Deno.writeTextFile(join(folder, "in", "0.txt"), String(value++));
      return await run();
    };
    const count = SMALL[0] * SMALL[1];
    const times = quick ? 1 : 3;
    row(`${count} targets, cold`, ...await least(times, [cold(root, ours), cold(peerRoot, peer)]));
    const last = join("figures", `${SMALL[0]}_0.txt`);
    const results = [root, peerRoot].map((folder) => Deno.readTextFileSync(join(folder, last)));
    if (results[0] !== results[1]) throw new Error("the two made other files");
    row(`${count} targets, no-op`, ...await least(5, [ours, peer]));
    const edits = [changed(root, ours), changed(peerRoot, peer)];
    row(`${count} targets, one input changed`, ...await least(5, edits));
  }));
