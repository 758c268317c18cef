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

/**
 * Writes what was seen of a copy of a module as of the module itself, where they are of one length.
 *
 * @returns The modules.
 */
async function relocate(folder: string): Promise<string[]> {
  const lengths = new Map<string, Map<number, number>>();
  const found: { readonly file: string; readonly name: string; readonly length: number }[] = [];
  for await (const { name: entry } of Deno.readDir(folder)) {
    if (!entry.endsWith(".json")) continue;
    const file = join(folder, entry);
    const coverage = JSON.parse(await Deno.readTextFile(file)) as Coverage;
    const name = /^(?!.*(?:node_modules|\/npm\/)).*\/(lib\/.*)$/.exec(coverage.url)?.[1];
    if (name === undefined) {
      await Deno.remove(file);
      continue;
    }
    const length = lengthOf(coverage);
    const counts = lengths.get(name) ?? new Map<number, number>();
    // The module itself counts for more than any number of copies that a test has edited.
    const weight = coverage.url === `file://${ROOT}${name}` ? Infinity : 1;
    lengths.set(name, counts.set(length, (counts.get(length) ?? 0) + weight));
    found.push({ file, name, length });
  }
  for (const { file, name, length } of found) {
    const [usual] = [...lengths.get(name)!].sort(([, a], [, b]) => b - a)[0]!;
    if (length !== usual) await Deno.remove(file);
    else {
      const coverage = JSON.parse(await Deno.readTextFile(file));
      const url = `file://${ROOT}${name}`;
      await Deno.writeTextFile(file, JSON.stringify({ ...coverage, url }));
    }
  }
  return [...lengths.keys()];
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT, env });
  return (await command.spawn().status).code;
}

const folder = await Deno.makeTempDir({ prefix: "coverage-" });
try {
  const tests = ["test", "-A", "--no-check", "--quiet", "--parallel", `--coverage=${folder}`];
  const code = await run([...tests, ...Deno.args], { DENO_JOBS: "2", DENO_COVERAGE_DIR: folder });
  const modules = await relocate(folder);
  // Deno compares with what it compiled, which for some was only ever a copy.
  await run(["cache", "--quiet", "--no-check", ...modules]);
  await run(["coverage", "--quiet", folder, `--include=^file://${ROOT}lib/`]);
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
