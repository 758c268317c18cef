/**
 * Times the games beside the numpy peer, in one session, and prints the ratios as Markdown.
 *
 * deno run -A bench/game.ts [--python PYTHON] [--peers FOLDER] [--pool FILE]
 *
 * PYTHON has numpy; FOLDER has repeated.py. FILE is the pool of the map by mean field, `z` in an .npz
 * (`deno task build cache/pool_mmlupro.npz` makes the default).
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import type { Correction } from "../lib/game/correction.ts";
import { type EvaluatorPath, evaluatorPaths } from "../lib/game/evaluator_path.ts";
import { logSpaced, logSpacedIntegers } from "../lib/game/grids.ts";
import { initialDistribution } from "../lib/game/initial_distribution.ts";
import { makePool, type Pool } from "../lib/game/pool.ts";
import { totalCost, totalCostMeanField } from "../lib/game/total_cost.ts";
import { decodeArrays } from "../lib/artifact/kind.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { decodeNpz } from "../lib/artifact/npz.ts";
import { nativeProduct } from "../lib/onnx/native_matrix.ts";
import type { Multiply } from "../lib/stats/matrix.ts";
import { readPool } from "../lib/pool/read_pool.ts";
import { syntheticPool } from "../lib/pool/synthetic_pool.ts";

const here = fromFileUrl(new URL(".", import.meta.url));
const options = parseArgs(Deno.args, { string: ["python", "peers", "pool"] });
const PYTHON = String(options["python"] ?? "python3");
const PEERS = String(options["peers"] ?? `${here}../../shared/peers`);
const POOL = String(options["pool"] ?? `${here}../cache/pool_mmlupro.npz`);

/** The peer's cells. */
const [RHOS, KS, REPLICATES, ROUNDS] = [[0.01, 0.05, 0.1], [1, 5, 20, 100], 64, 200];
const BANDWIDTH = 0.3;
const UNIFORM: Correction = { kind: "uniform" };
const TIMES = 7;

// deno-lint-ignore no-console -- this is what it is for
const print = (text: string): void => console.log(text);
const row = (...cells: (string | number)[]): void => print(`| ${cells.join(" | ")} |`);
const ms = (seconds: number): string => `${(1000 * seconds).toPrecision(3)} ms`;

await using native = await nativeProduct();

async function best(task: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let n = 0; n < TIMES; n++) {
    const start = performance.now();
    await task();
    least = Math.min(least, performance.now() - start);
  }
  return least / 1000;
}

async function paths(
  pool: Pool,
  correction: Correction,
  rhos: ArrayLike<number>,
  multiply: Multiply = native.multiply,
): Promise<EvaluatorPath[]> {
  const initial = initialDistribution(pool.z, BANDWIDTH);
  return await Array.fromAsync(evaluatorPaths(pool, initial, correction, rhos, ROUNDS, multiply));
}

async function readPoolFile(path: string): Promise<Pool> {
  const { arrays } = decodeArrays(kinds.pool, decodeNpz(await Deno.readFile(path)), path);
  return makePool(readPool(arrays.z, path));
}

print(`${navigator.hardwareConcurrency} cores; times are the best of ${TIMES}.\n`);
row("what", "ours", "peer", "ratio");
row("---", "---:", "---:", "---:");

const file = await Deno.makeTempFile({ suffix: ".npz" });
const peer = await new Deno.Command(PYTHON, {
  args: [`${here}peers/repeated_game.py`, PEERS, file],
}).output();
if (!peer.success) throw new Error(new TextDecoder().decode(peer.stderr));
const theirs = JSON.parse(new TextDecoder().decode(peer.stdout)) as { seconds: number };
const same = await readPoolFile(file);
await Deno.remove(file);
const ours = await best(async () => {
  for (const path of await paths(same, UNIFORM, RHOS)) {
    const how = { ks: KS, forgetting: path.rho, replicates: REPLICATES, seed: "bench" };
    totalCost(same, path, how, 0);
  }
});
row(
  `repeated game, 12 cells, N = 640, ${REPLICATES} replicates, against numpy`,
  ms(ours),
  ms(theirs.seconds),
  `${(theirs.seconds / ours).toPrecision(3)} ×`,
);

const map = async (pool: Pool, correction: Correction): Promise<void> => {
  const ks = logSpacedIntegers(1, pool.z.rows, 64);
  for (const path of await paths(pool, correction, logSpaced(0.005, 0.5, 64))) {
    totalCostMeanField(pool, path, { ks, forgetting: path.rho }, 0.05);
  }
};
const pool = await readPoolFile(POOL);
const GAP: Correction = { kind: "gap_gaussian", bandwidth: 0.1 };
const name = `N = ${pool.z.rows}, d = ${pool.z.cols}`;
row(
  `64 × 64 map by mean field, uniform correction, ${name}`,
  ms(await best(() => map(pool, UNIFORM))),
  "",
  "",
);
row(
  `64 × 64 map by mean field, gap_gaussian, ${name}`,
  ms(await best(() => map(pool, GAP))),
  "",
  "",
);

print("\n| tasks N | a round of a replicate, k = 20 | preparing the evaluator, once |");
row("---:", "---:", "---:");
for (const N of [640, 10_000, 100_000]) {
  const large = makePool((await syntheticPool(8, N / 8, "bench")).z);
  const prepare = await best(() => paths(large, UNIFORM, [0.05]));
  const [path] = await paths(large, UNIFORM, [0.05]);
  const how = { ks: [20], forgetting: 0.05, replicates: REPLICATES, seed: "bench" };
  const play = await best(() => Promise.resolve(totalCost(large, path!, how, 0)));
  row(
    N.toLocaleString("en-US"),
    `${((1e6 * play) / (REPLICATES * ROUNDS)).toPrecision(3)} µs`,
    ms(prepare),
  );
}
