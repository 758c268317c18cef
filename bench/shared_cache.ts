/**
 * Measures `cache pull` of this finished project into a clone without a cache, over loopback:
 *
 *     deno task reproduce
 *     deno run -A bench/shared_cache.ts
 *
 * @module
 */
import { join } from "@std/path";
import { runIn } from "../tests/copy_project.ts";
import { copyTree } from "../tests/copy_tree.ts";
import { PlayedCache } from "../tests/shared_cache/played_cache.ts";

const ROUNDS = 3;

/** What a clone has; its packages are those of this project. */
const FILES = ["lib", "tasks", "workflow.yaml", "deno.json", "deno.lock", "package.json"];

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text.trim()}\n`));
}

await using cache = new PlayedCache();
const url = ["--quiet", "--url", cache.url];
const pushed = await runIn(Deno.cwd(), ["cache", "push", ...url], { SE_CACHE_TOKEN: "secret" });
print(pushed.out + pushed.err);
for (let round = 0; round < ROUNDS; round++) {
  const clone = await Deno.makeTempDir({ prefix: "shared-cache-" });
  for (const path of FILES) await copyTree(path, join(clone, path));
  await Deno.symlink(join(Deno.cwd(), "node_modules"), join(clone, "node_modules"));
  const began = performance.now();
  const { out, err } = await runIn(clone, ["cache", "pull", "--check", ...url]);
  print(`${((performance.now() - began) / 1000).toFixed(2)} s: ${out}${err}`);
  await Deno.remove(clone, { recursive: true });
}
