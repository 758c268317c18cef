/**
 * Every figure of a game against a committed picture, its numbers rounded. After a change that is meant,
 * look at the new pictures: `UPDATE_SNAPSHOTS=1 deno test -A tests/figure/snapshot_test.ts`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { asymmetryFigure } from "../../lib/figure/asymmetry_figure.ts";
import { closedFormFigure } from "../../lib/figure/closed_form_figure.ts";
import { deltaVsKFigure } from "../../lib/figure/delta_vs_k_figure.ts";
import { ermFigure } from "../../lib/figure/erm_figure.ts";
import { heldOutFigure } from "../../lib/figure/held_out_figure.ts";
import { holdoutFigure } from "../../lib/figure/holdout_figure.ts";
import { loadingsFigure } from "../../lib/figure/loadings_figure.ts";
import { parallelAnalysisFigure } from "../../lib/figure/parallel_analysis_figure.ts";
import { renderPdf } from "../../lib/figure/pdf/render_pdf.ts";
import { rhoKColormapFigure } from "../../lib/figure/rho_k_colormap_figure.ts";
import { transparencyFigure } from "../../lib/figure/transparency_figure.ts";
import { uncertaintyFigure } from "../../lib/figure/uncertainty_figure.ts";
import { validationFigure } from "../../lib/figure/validation_figure.ts";
import type { Figure } from "../../lib/figure/figure.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { allowed } from "../support.ts";
import { page } from "./page.ts";
import { smallResults } from "./small_results.ts";

const INTERVALS = {
  headline: ["peakMisalignment", "peakMisalignment", "kStarSlow", "kStarSlow"],
  source: ["pool draws", "other choices", "pool draws", "other choices"],
  value: Float64Array.of(0.05, 0.05, 40, 40),
  low: Float64Array.of(0.04, 0.02, 16, 10),
  high: Float64Array.of(0.06, 0.09, 90, 400),
  n: Int32Array.of(24, 32, 24, 32),
  without: Int32Array.of(0, 1, 0, 1),
};

const HELD_OUT = {
  facts: { n_splits: 2, n_factors: 2, share: 0.1 },
  arrays: {
    n_factors: Int32Array.of(1, 2, 3),
    brier: matrix(2, 3, Float64Array.of(0.17, 0.18, 0.19, 0.172, 0.178, 0.191)),
    converged: matrix(2, 3, Float64Array.of(1, 1, 0, 1, 1, 1)),
    brier_of_mean: Float64Array.of(0.2, 0.21),
    brier_of_additive: Float64Array.of(0.175, 0.176),
    chosen_n_factors: 2,
  },
};

Deno.test({
  name: "figures are those of the committed snapshots, rounded",
  ignore: !allowed("read", "write", "env", "ffi"),
  fn: async (t) => {
    const results = await smallResults();
    const { oneShot, repeated: series, map, curves, mechanisms } = results;
    const loadings = matrix(
      6,
      2,
      Float64Array.of(0.7, 0.1, 0.6, -0.2, -0.5, 0.2, 0.1, 0.8, 0, 0.5, 0.2, 0.4),
    );
    const [wide, narrow] = [await page(6.75), await page(3.3)];
    const scree = {
      eigenvalues: Float64Array.of(6, 2, 1, 0.7, 0.3, 0),
      thresholds: Float64Array.of(1.6, 1.3, 1.1, 1, 0.9, 0),
      nFactors: 2,
      percentile: 95,
      replications: 20,
    };
    const figures: Record<string, () => Figure> = {
      parallel_analysis: () => parallelAnalysisFigure(scree, narrow),
      loadings_2: () => loadingsFigure({ loadings, stage: "rotated" }, narrow),
      oneshot_transparency: () => transparencyFigure(oneShot, narrow),
      oneshot_erm_vs_transparency: () => ermFigure(oneShot, wide),
      oneshot_asymmetry: () => asymmetryFigure(oneShot, narrow),
      repeated_delta_vs_k: () => deltaVsKFigure(series, wide),
      repeated_validation: () => validationFigure(series, wide),
      repeated_rho_k_colormap: () =>
        rhoKColormapFigure({ results: map, of: "misalignment" }, narrow),
      repeated_rho_k_colormap_total: () => rhoKColormapFigure({ results: map, of: "cost" }, wide),
      holdout: () => holdoutFigure(mechanisms, wide),
      robustness_uncertainty: () => uncertaintyFigure({ arrays: INTERVALS }, narrow),
      robustness_heldout: () => heldOutFigure(HELD_OUT, narrow),
      repeated_closedform_cumulative: () => closedFormFigure({ results: curves, rho: 0.1 }, wide),
    };
    for (const [name, draw] of Object.entries(figures)) {
      await t.step(name, async () => {
        const figure = draw();
        const picture = snapshot(figure);
        const path = fromFileUrl(new URL(`./snapshots/${name}.svg`, import.meta.url));
        if (Deno.env.get("UPDATE_SNAPSHOTS") === "1") await Deno.writeTextFile(path, picture);
        assert.equal(picture, await Deno.readTextFile(path), `${name} is another picture`);
        const [first] = figure.columns;
        for (const column of figure.columns) {
          assert.equal(column.values.length, first?.values.length, column.name);
        }
        assert.doesNotMatch(figure.caption, /NaN|undefined|Infinity/);
      });
    }
  },
});

Deno.test({
  name: "figures of a game of one skill, without misalignment or variance, are drawn and say so",
  ignore: !allowed("read", "write", "env", "ffi"),
  fn: async () => {
    const results = await smallResults(1);
    const { oneShot, repeated: series, map, curves } = results;
    const wide = await page(6.75);
    const figures = [
      transparencyFigure(oneShot, wide),
      ermFigure(oneShot, wide),
      asymmetryFigure(oneShot, wide),
      deltaVsKFigure(series, wide),
      validationFigure(series, wide),
      rhoKColormapFigure({ results: map, of: "misalignment" }, wide),
      rhoKColormapFigure({ results: map, of: "cost" }, wide),
      closedFormFigure({ results: curves, rho: 0.1 }, wide),
      holdoutFigure(results.mechanisms, wide),
    ];
    const info = { title: "T", provenance: "{}", note: undefined };
    for (const { svg, caption, title } of figures) {
      assert.doesNotMatch(caption, /NaN|undefined|Infinity/, title);
      assert.ok((await renderPdf(svg, { ...info, subject: caption })).length > 0, title);
    }
    assert.match(figures[4]!.caption, /The mean is below 0\.0001 in every round/);
  },
});

/** The picture as text, an element a line, numbers rounded to a tenth of a point. */
function snapshot({ svg, caption }: Figure): string {
  const rounded = svg.outerHTML
    .replace(/-?\d+\.\d+(e-\d+)?/g, (x) => String(Number(Number(x).toFixed(1)) + 0))
    .replace(/></g, ">\n<");
  return `<!-- ${
    caption.replace(/\d+\.\d+(e[-+]\d+)?/g, (x) => Number(x).toPrecision(2))
  } -->\n${rounded}\n`;
}
