/**
 * `deno task coverage`: runs all tests, or those in the paths given, and prints what part of each file of
 * lib/ they run: in the tests' process, in commands and in the copies of lib/ that many tests make. What
 * tasks run in processes of their own is not seen. It takes more than ten minutes and some GB of disk.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** What is written of a module by a process. */
interface Coverage {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly { readonly endOffset: number }[] }[];
}

/** How long a module is, in characters. */
function lengthOf({ functions }: Coverage): number {
  return Math.max(0, ...functions.flatMap(({ ranges }) => ranges.map((r) => r.endOffset)));
}

/** Writes what was seen of a copy of a module as of the module itself, where they are of one length. */
async function relocate(folder: string): Promise<void> {
  const own = new Map<string, number>();
  const copies: { readonly file: string; readonly name: string; readonly found: Coverage }[] = [];
  for await (const { name: entry, isFile } of Deno.readDir(folder)) {
    if (!isFile || !entry.endsWith(".json")) continue;
    const file = join(folder, entry);
    const found = JSON.parse(await Deno.readTextFile(file)) as Coverage;
    const name = /\/(lib\/.*)$/.exec(found.url)?.[1];
    if (name === undefined) await Deno.remove(file);
    else if (found.url === `file://${ROOT}${name}`) own.set(name, lengthOf(found));
    else copies.push({ file, name, found });
  }
  for (const { file, name, found } of copies) {
    if (own.get(name) !== lengthOf(found)) await Deno.remove(file);
    else await Deno.writeTextFile(file, JSON.stringify({ ...found, url: `file://${ROOT}${name}` }));
  }
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT, env });
  return (await command.spawn().status).code;
}

const folder = await Deno.makeTempDir({ prefix: "coverage-" });
try {
  const tests = ["test", "-A", "--no-check", "--quiet", "--parallel", `--coverage=${folder}`];
  const code = await run([...tests, ...Deno.args], { DENO_JOBS: "2", DENO_COVERAGE_DIR: folder });
  await relocate(folder);
  await run(["coverage", "--quiet", folder, `--include=^file://${ROOT}lib/`]);
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
