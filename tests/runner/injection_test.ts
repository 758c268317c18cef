import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { kill, Project, type Run } from "./project.ts";
import { soaking } from "./soak.ts";

const ignore = !allowed("read", "write", "run", "env") || Deno.build.os === "windows";
const PRELOAD = fromFileUrl(new URL("./inject_errors.ts", import.meta.url));
const CODES = ["ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE"];
/** Each command is tried with an error at this many of its calls; in a soak at each. */
const SAMPLES = 2;
/** Longer than any command takes on a busy machine. */
const HANGS = 120_000;

/** Runs a command with an error at one of its calls (0: none), and gives the number of calls. */
async function inject(
  project: Project,
  args: readonly string[],
  at: number,
  code: string,
): Promise<Run & { readonly calls: number; readonly hung: boolean }> {
  const count = `${project.root}.count`;
  const run = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", `--preload=${PRELOAD}`, "lib/main.ts", ...args],
    cwd: project.root,
    env: { NO_COLOR: "1", INJECT_AT: String(at), INJECT_CODE: code, INJECT_COUNT: count },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    kill(run);
  }, HANGS);
  const { code: exit, stdout, stderr } = await run.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  const calls = Number(await Deno.readTextFile(count).catch(() => "0"));
  await Deno.remove(count).catch(() => {});
  return { code: exit, out: decoder.decode(stdout), err: decoder.decode(stderr), calls, hung };
}

/** Commands, and what is done to the project before each. */
const COMMANDS: readonly {
  readonly args: readonly string[];
  readonly before?: (project: Project, n: number) => Promise<void>;
}[] = [
  {
    args: ["reproduce"],
    before: async (project, n) => await project.write("number.txt", String(100 + n)),
  },
  { args: ["reproduce"] },
  {
    args: ["build", "figures/sum.txt", "--copy-to", "copied"],
    before: async (project) => await Deno.remove(join(project.root, "figures/sum.txt")),
  },
  { args: ["status"] },
  { args: ["explain", "figures/sum.txt"] },
  { args: ["graph"] },
  { args: ["verify"] },
  { args: ["lock"] },
  { args: ["gc", "--keep", "0"] },
  { args: ["clean"] },
  { args: ["complete", "build", "s"] },
];

Deno.test({
  name: "an error of the system at any call ends a command in words, and the next run heals",
  ignore,
  fn: async (t) => {
    await using project = await Project.create("project");
    assert.equal((await project.run("reproduce")).code, 0);
    const random = stream(0, "inject");
    for (const [c, { args, before }] of COMMANDS.entries()) {
      await t.step(`${args.join(" ")}${before ? ", stale" : ""}`, async () => {
        await before?.(project, -1);
        const { calls, code, err } = await inject(project, args, 0, "EIO");
        assert.equal(code, 0, err);
        assert.ok(calls > 0, "no call was counted");
        await project.run("reproduce");
        const places = soaking
          ? Array.from({ length: calls }, (_, n) => n + 1)
          : Array.from({ length: SAMPLES }, () => 1 + Math.floor(random() * calls));
        const failures: string[] = [];
        for (const [n, at] of places.entries()) {
          const error = CODES[Math.floor(random() * CODES.length)]!;
          await before?.(project, 1000 * c + n);
          const run = await inject(project, args, at, error);
          const fault = faultOf(run) ?? await notHealed(project);
          if (fault === undefined) continue;
          failures.push(`${error} at call ${at}: ${fault}\n${run.out}${run.err}`);
        }
        assert.deepEqual(failures, []);
      });
    }
  },
});

/** What is wrong with how a command ended. */
function faultOf({ code, out, err, hung }: Run & { readonly hung: boolean }): string | undefined {
  if (hung) return "it hangs";
  if (/^\s+at |Uncaught|error of the program/m.test(out + err)) return "a stack trace";
  if (![0, 1, 2, 3].includes(code)) return `exit code ${code}`;
  return code !== 0 && (out + err).trim() === "" ? "no word" : undefined;
}

/** What is wrong after a run without errors. */
async function notHealed(project: Project): Promise<string | undefined> {
  const { code, out, err } = await project.run("reproduce");
  if (code !== 0) return `the next run fails: ${out}${err}`;
  const sum = await project.read("figures/sum.txt");
  const right = String(2 * Number(await project.read("number.txt")));
  if (sum !== right) return `the next run gives ${sum} for ${right}`;
  return await auditCache(project).then(() => undefined, String);
}
