import assert from "node:assert/strict";
import { rotate } from "../../lib/estimation/rotation/rotate.ts";
import { rotatedScores } from "../../lib/estimation/rotation/rotated_scores.ts";
import { type Matrix, matrix } from "../../lib/stats/matrix.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";
import { transpose } from "../../lib/stats/matrix.ts";
import { allowed } from "../support.ts";

const gauss = normal(stream("rotated scores"));
const random = (rows: number, cols: number): Matrix =>
  matrix(rows, cols, Float64Array.from({ length: rows * cols }, gauss));

Deno.test({
  name: "rotatedScores() predict with the rotated loadings what the scores did with the raw ones",
  ignore: !allowed("read", "env"),
  fn: async () => {
    const [raw, scores] = [random(60, 3), random(9, 3)];
    for (const method of ["quartimin", "varimax"] as const) {
      const { loadings } = await rotate(raw, { method, nStarts: 2, kaiser: true, seed: "0" });
      const turned = rotatedScores(raw, loadings, scores);
      const before = product(scores, transpose(raw)).data;
      const after = product(turned, transpose(loadings)).data;
      before.forEach((x, n) => assert.ok(Math.abs(x - after[n]!) < 1e-9));
    }
  },
});

Deno.test("rotatedScores() leaves scores alone where a factor has no loadings", () => {
  const scores = random(4, 2);
  assert.equal(rotatedScores(matrix(5, 2), matrix(5, 2), scores), scores);
});
