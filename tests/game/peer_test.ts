import assert from "node:assert/strict";
import { evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import { makePool } from "../../lib/game/pool.ts";
import { totalCost } from "../../lib/game/total_cost.ts";
import { decodeArrays } from "../../lib/artifact/kind.ts";
import * as kinds from "../../lib/artifact/kinds.ts";
import { decodeNpz } from "../../lib/artifact/npz.ts";
import { meanWithError } from "../../lib/stats/band.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";
import { readPool } from "../../lib/pool/read_pool.ts";
import { allowed, shared, sharedPath } from "../support.ts";

const [RHOS, KS, REPLICATES, ROUNDS] = [[0.01, 0.05, 0.1], [1, 5, 20, 100], 64, 200];
/** Of the difference of two independent Monte Carlo means. */
const STANDARD_ERRORS = 3;

/** A program's code: the pool of the peer, and the sums of its 12 cells. */
const PEER = `
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, repeated
Z = repeated.pool(640, 8)
np.savez(sys.argv[2], z=Z)
print(json.dumps([[repeated.play(Z, k, rho, ${ROUNDS}, ${REPLICATES}).sum() for k in ${
  JSON.stringify(KS)
}] for rho in ${JSON.stringify(RHOS)}]))
`;

/** The first Python that has numpy. */
async function pythonWithNumpy(): Promise<string | undefined> {
  if (!allowed("run", "read")) return undefined;
  for (const python of ["python3", "/usr/bin/python3"]) {
    try {
      const command = new Deno.Command(python, { args: ["-c", "import numpy"] });
      if ((await command.output()).success) return python;
    } catch {
      // Not installed: the next one may be.
    }
  }
  return undefined;
}

const python = await pythonWithNumpy();

Deno.test({
  name:
    "playRepeated() has the sums of the numpy peer in each of its 12 cells, within 3 standard errors",
  ignore: python === undefined || !allowed("write") || !shared("peers/repeated.py"),
  fn: async () => {
    const file = await Deno.makeTempFile({ suffix: ".npz" });
    try {
      const { stdout, success, stderr } = await new Deno.Command(python!, {
        args: ["-c", PEER, sharedPath("peers"), file],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const theirs = JSON.parse(new TextDecoder().decode(stdout)) as number[][];
      const name = "the peer's pool";
      const { arrays } = decodeArrays(kinds.pool, decodeNpz(await Deno.readFile(file)), name);
      const pool = makePool(readPool(arrays.z, name));
      const initial = initialDistribution(pool.z, 0.3);
      const paths = evaluatorPaths(pool, initial, { kind: "uniform" }, RHOS, ROUNDS, product);
      let r = 0;
      for await (const path of paths) {
        const how = { ks: KS, forgetting: path.rho, replicates: REPLICATES, seed: "peer" };
        const { mean, error } = meanWithError(totalCost(pool, path, how, 0).misalignment);
        KS.forEach((k, b) => {
          const difference = Math.abs(ROUNDS * mean[b]! - theirs[r]![b]!);
          const limit = STANDARD_ERRORS * ROUNDS * error[b]! * Math.SQRT2;
          assert.ok(difference <= limit, `ρ = ${path.rho}, k = ${k}: ${difference} > ${limit}`);
        });
        r++;
      }
    } finally {
      await Deno.remove(file);
    }
  },
});
