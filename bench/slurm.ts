/**
 * Times what is a project's own of jobs on Slurm: planning, submitting, and what a job costs beside
 * its task, for synthetic graphs of trivial targets. Slurm's commands are those of the tests, which
 * run nothing; with `--real`, those of the machine, and the jobs are cancelled.
 *
 *     deno run -A bench/slurm.ts [--real]
 *
 * @module
 */
import { join } from "@std/path";
import { FakeSlurm } from "../tests/runner/slurm/fake_slurm.ts";
import { writeSyntheticProject } from "./synthetic_project.ts";

/** What is said of a program that has ended: seconds of the processor and of the clock, and KiB. */
const FORMAT = "%U %S %e %M";

async function timed(cwd: string, ...args: string[]): Promise<string> {
  const { stderr, success } = await new Deno.Command("/usr/bin/time", {
    args: ["-f", FORMAT, Deno.execPath(), "run", "-A", "lib/main.ts", ...args],
    cwd,
    env: { NO_COLOR: "1", TMPDIR: cwd },
    stdout: "null",
    stderr: "piped",
  }).output();
  const last = new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
  if (!success) throw new Error(last);
  const [user = NaN, system = NaN, wall = NaN, memory = NaN] = last.split(" ").map(Number);
  return `${(user + system).toFixed(2)} s of the processor, ${wall.toFixed(2)} s, ` +
    `${Math.round(memory / 1024)} MiB`;
}

// deno-lint-ignore no-console -- this is what it is for
const print = (text: string): void => console.log(text);

const real = Deno.args.includes("--real");
for (const [layers, width] of [[5, 200], [10, 1000]] as const) {
  const root = await Deno.makeTempDir({ prefix: "bench-slurm-" });
  using _slurm = real ? undefined : new FakeSlurm(Array(layers * 10).fill("PENDING"));
  await writeSyntheticProject(root, layers, width, true);
  await timed(root, "status");
  const submit = ["reproduce", "--executor", "slurm", "--no-wait"];
  print(`${layers * width} targets`);
  print(`  status  ${await timed(root, "status")}`);
  print(`  submit  ${await timed(root, ...submit)}`);
  const [run] = [...Deno.readDirSync(join(root, "cache", "jobs"))].map(({ name }) => name);
  if (real) await new Deno.Command("scancel", { args: [`--name=se-${run}`] }).output();
  print(`  a job   ${await timed(root, "node", run ?? "", "0", "0")}`);
  await Deno.remove(root, { recursive: true });
}
