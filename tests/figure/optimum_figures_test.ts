import assert from "node:assert/strict";
import { closedFormFigure } from "../../lib/figure/closed_form_figure.ts";
import { rhoKColormapFigure } from "../../lib/figure/rho_k_colormap_figure.ts";
import { validationFigure } from "../../lib/figure/validation_figure.ts";
import type { Figure } from "../../lib/figure/figure.ts";
import { allowed } from "../support.ts";
import { page } from "./page.ts";
import { smallResults } from "./small_results.ts";

const ignore = !allowed("read", "write", "env", "ffi");

const valuesOf = ({ columns }: Figure, name: string): number[] =>
  Array.from(columns.find((column) => column.name === name)!.values, Number);

Deno.test({
  name: "validationFigure() names the bound that holds before the textbook's, and has its numbers",
  ignore,
  fn: async () => {
    const { repeated } = await smallResults();
    const figure = validationFigure(repeated, await page(3.3));
    const { arrays } = repeated;
    assert.deepEqual(valuesOf(figure, "product_bound"), Array.from(arrays.product_bound));
    const gap = Array.from(arrays.exploitation_gap_mean);
    assert.deepEqual(valuesOf(figure, "exploitation_gap"), gap);
    const key = [...figure.svg.querySelectorAll("text")].map(({ textContent }) => textContent);
    assert.ok(key.indexOf("bound") < key.indexOf("textbook (the smaller)"));
    assert.match(figure.caption, /within the bound in every round, and at most 0\.\d+ times it/);
    assert.doesNotMatch(figure.caption, /, not at/);
    // Of ρ = 0.1 and k = 1: rounds 1 and 2, within neither bound.
    const misalignment_mean = arrays.misalignment_mean.with(1, 2).with(2, 2);
    const broken = { ...repeated, arrays: { ...arrays, misalignment_mean } };
    const { caption } = validationFigure(broken, await page(3.3));
    assert.match(caption, /within the bound in 90 of 92 rounds/);
    assert.match(caption, /of all\), not at ρ = 0\.1, k = 1 \(1 ≤ t ≤ 2\); the largest/);
  },
});

Deno.test({
  name: "figures of k* draw the interval within 2 % of the least cost, and name the closed forms",
  ignore,
  fn: async () => {
    const { map, curves } = await smallResults();
    const wide = await page(6.75);
    const { k_star_low: low, k_star_high: high } = curves.arrays;
    for (
      const figure of [
        rhoKColormapFigure({ results: map, of: "cost" }, wide),
        closedFormFigure({ results: curves, rho: 0.1 }, wide),
      ]
    ) {
      const text = `${figure.caption} ${figure.svg.textContent}`;
      assert.match(text, /within 2 % of the least/);
      assert.match(text, /within 2 % of least cost/);
      assert.match(text, /steady state/);
      assert.doesNotMatch(text, /textbook|bootstrap/);
    }
    const closed = closedFormFigure({ results: curves, rho: 0.1 }, wide);
    assert.equal(valuesOf(closed, "k_star_low")[0], low[0]);
    assert.equal(valuesOf(closed, "k_star_high")[0], high[0]);
    assert.ok(low[0]! <= curves.arrays.k_star_refined[0]!);
  },
});
