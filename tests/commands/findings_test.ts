import assert from "node:assert/strict";
import { join } from "@std/path";
import { writeArtifact } from "../../lib/artifact/artifact.ts";
import type { Facts, Kind } from "../../lib/artifact/kind.ts";
import * as kinds from "../../lib/artifact/kinds.ts";
import type { Digest } from "../../lib/base/digest.ts";
import { findings } from "../../lib/commands/findings.ts";
import type { Workspace } from "../../lib/runner/assess.ts";
import type { TargetName } from "../../lib/runner/names.ts";
import type { RunRecord } from "../../lib/runner/record.ts";
import type { Results } from "../../lib/artifact/artifact.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { resultsOf } from "../results.ts";
import { allowed } from "../support.ts";

const floats = (...values: number[]): Float64Array => Float64Array.from(values);
const pool = { n_pool: 100, n_skills: 2, seed: "" };

const cost = resultsOf(kinds.totalCost, { R: 3, K: 2, L: 2 }, {
  rho: floats(0.001, 0.012, 0.2),
  k: Int32Array.from([1, 100]),
  k_star: floats(1, 5, 40),
  k_star_refined: floats(1.5, 5.5, 40.5),
  misalignment: matrix(3, 2, new Float64Array(6)),
}, { ...pool, n_replicates: 3, n_rounds: 9, gamma: 0.05 });

const oneShot = resultsOf(kinds.oneShot, { K: 3, A: 2, alphas: 1, betas: 1 }, {
  k: Int32Array.from([1, 18, 100]),
  awareness: floats(0.01, 1),
  transparency_mean: floats(0.1, 0.2, 1),
  erm_mean: floats(0.7, 0.9),
}, { ...pool, best_utility: 0.4, n_draws: 9, bias_bandwidth: 0.3, asymmetry_bandwidth: 0.3 });

const repeated = resultsOf(kinds.repeated, { R: 2, K: 1, T: 3, N: 4 }, {
  k: Int32Array.from([20]),
  rho: floats(0.05, 0),
  misalignment_mean: floats(0, 0.3, 0.1, 0, 0.9, 0.9),
}, { ...pool, n_replicates: 3 });

const claim = {
  ...{ figure: "fig_x", statement: "s", source: "o", expected: true, measured: "m" },
  ...{ holds: true, atEdge: false },
};

Deno.test({
  name: "findings() gives the headline numbers and the claims of what was built, and no others",
  ignore: !allowed("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "findings-test-" });
    const lineage = { task: "", params: {}, inputs: {} };
    const write = async <K extends Kind>(name: string, kind: K, of: Results<K>): Promise<void> =>
      await writeArtifact(join(folder, name), kind, of.arrays, {
        ...lineage,
        facts: of.facts as Facts,
      });
    await write("cost", kinds.totalCost, cost);
    await write("one_shot", kinds.oneShot, oneShot);
    await write("repeated", kinds.repeated, repeated);
    await Deno.writeTextFile(join(folder, "claims"), JSON.stringify([claim]));
    await Deno.writeTextFile(join(folder, "figure"), "");
    const tasks = {
      ...{ claims: "tasks/claims.ts", cost: "tasks/total_cost.ts", one_shot: "tasks/one_shot.ts" },
      ...{ repeated: "tasks/repeated.ts", figure: "tasks/fig_x.ts" },
    };
    const workspace = {
      plan: { targets: new Map(Object.entries(tasks).map(([name, taskId]) => [name, { taskId }])) },
      store: { contentPath: (digest: Digest) => join(folder, digest) },
    } as unknown as Workspace;
    const records = Object.keys(tasks).map((name) =>
      [
        name as TargetName,
        { outputs: { it: { path: name, digest: name, size: 0 } } } as unknown as RunRecord,
      ] as const
    );
    const found = await findings(workspace, new Map(records));
    assert.deepEqual(found.map(({ kind, of, name, value }) => [kind, of, name, value]), [
      ["number", "cost", "k_star rho=0.012", 5],
      ["number", "cost", "k_star_refined rho=0.012", 5.5],
      ["number", "cost", "k_star rho=0.2", 40],
      ["number", "cost", "k_star_refined rho=0.2", 40.5],
      ["number", "one_shot", "best_utility", 0.4],
      ["number", "one_shot", "transparency k=18", 0.2],
      ["number", "one_shot", "erm awareness=0.01", 0.7],
      ["number", "repeated", "peak_misalignment k=20 rho=0.05", 0.3],
      ["claim", "fig_x", "s", "holds"],
    ]);
    assert.equal(found.at(-1)?.detail, "m");
    await Deno.remove(folder, { recursive: true });
  },
});
