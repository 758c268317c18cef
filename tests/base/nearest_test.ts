import assert from "node:assert/strict";
import { nearest } from "../../lib/base/nearest.ts";

Deno.test("nearest() offers the nearest name, also without its folder and ending, or all of a few", () => {
  const names = ["cache/pool_synthetic.npz", "cache/tasks.npz", "fig_loadings_1", "pool.tau"];
  for (const written of ["pool_synthetic", "pool_syntetic", "cache/pool_synthetic"]) {
    assert.equal(nearest(written, names), "; did you mean cache/pool_synthetic.npz?", written);
  }
  assert.equal(nearest("pool.tua", names), "; did you mean pool.tau?");
  assert.equal(nearest("zzzzzz", ["pull", "push"]), "; valid: pull, push");
  assert.equal(nearest("zzzzzz", Array.from({ length: 13 }, (_, i) => `name${i}`)), "");
  assert.equal(nearest("x", []), "");
});
