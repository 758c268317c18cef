import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { stream } from "../../lib/stats/random/stream.ts";
import { copyTree } from "../copy_tree.ts";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { kill, Project, type Run } from "./project.ts";
import { soaking } from "./soak.ts";

const ignore = !allowed("read", "write", "run", "env") || Deno.build.os === "windows";
const PRELOAD = fromFileUrl(new URL("./inject_errors.ts", import.meta.url));
const CODES = ["ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE"];
/** Each command is tried with an error at this many of its calls; in a soak at each. */
const SAMPLES = 2;
/** So many projects are tried at a time. */
const PROJECTS = soaking ? 2 : 1;
/** Longer than any command takes on a busy machine. */
const HANGS = 120_000;
/** What a command may change; all else is the program. */
const MUTABLE = ["cache", "figures", "copied", "number.txt", "workflow.lock.json"];

/** A call of the file system: its site, and which of the site's calls it is, from 1. */
interface Call {
  readonly site: string;
  readonly at: number;
}

/** Runs a command, with an error at one of its calls. */
async function inject(
  project: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run & { readonly hung: boolean }> {
  const run = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", `--preload=${PRELOAD}`, "lib/main.ts", ...args],
    cwd: project.root,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    kill(run);
  }, HANGS);
  const { code, stdout, stderr } = await run.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr), hung };
}

/** The calls that a command makes. */
async function callsOf(project: Project, args: readonly string[]): Promise<Call[]> {
  const list = `${project.root}.sites`;
  const { code, err } = await inject(project, args, { INJECT_SITES: list });
  assert.equal(code, 0, err);
  const sites: Readonly<Record<string, number>> = JSON.parse(await Deno.readTextFile(list));
  return Object.entries(sites).flatMap(([site, calls]) =>
    Array.from({ length: calls }, (_, n) => ({ site, at: n + 1 }))
  );
}

/** Puts back what a command may have changed. */
async function reset(project: Project): Promise<void> {
  for (const path of MUTABLE) {
    await Deno.remove(join(project.root, path), { recursive: true }).catch(() => {});
    await copyTree(join(`${project.root}.saved`, path), join(project.root, path)).catch(() => {});
  }
}

/** A built project, of which a copy is kept for reset(). */
async function createBuilt(): Promise<Project> {
  const project = await Project.create("project");
  assert.equal((await project.run("reproduce")).code, 0);
  for (const path of MUTABLE) {
    const saved = join(`${project.root}.saved`, path);
    await copyTree(join(project.root, path), saved).catch(() => {});
  }
  return project;
}

/** Commands, and what is done to the project before each. */
const COMMANDS: readonly {
  readonly args: readonly string[];
  readonly before?: (project: Project) => Promise<void>;
}[] = [
  {
    args: ["reproduce"],
    before: async (project) => await project.write("number.txt", "100"),
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
    await using projects = new AsyncDisposableStack();
    const built = await Promise.all(Array.from({ length: PROJECTS }, createBuilt));
    built.forEach((project) => projects.use(project));
    const random = stream(0, "inject");
    for (const { args, before } of COMMANDS) {
      await t.step(`${args.join(" ")}${before ? ", stale" : ""}`, async () => {
        const [first] = built;
        await reset(first!);
        await before?.(first!);
        const calls = await callsOf(first!, args);
        assert.ok(calls.length > 0, "no call was counted");
        const places = soaking
          ? calls
          : Array.from({ length: SAMPLES }, () => calls[Math.floor(random() * calls.length)]!);
        const open = places.map((call) => ({
          ...call,
          error: CODES[Math.floor(random() * CODES.length)]!,
        }));
        const failures: string[] = [];
        await Promise.all(built.map(async (project) => {
          for (let next = open.pop(); next !== undefined; next = open.pop()) {
            const { site, at, error } = next;
            await reset(project);
            await before?.(project);
            const env = { INJECT_SITE: site, INJECT_AT: String(at), INJECT_CODE: error };
            const run = await inject(project, args, env);
            const fault = faultOf(run) ?? await notHealed(project);
            if (fault === undefined) continue;
            failures.push(`${error} at ${at}. ${site}: ${fault}\n${run.out}${run.err}`);
          }
        }));
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
