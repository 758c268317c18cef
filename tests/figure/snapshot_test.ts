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
import { loadingsFigure } from "../../lib/figure/loadings_figure.ts";
import { parallelAnalysisFigure } from "../../lib/figure/parallel_analysis_figure.ts";
import { renderPdf } from "../../lib/figure/pdf/render_pdf.ts";
import { rhoKColormapFigure } from "../../lib/figure/rho_k_colormap_figure.ts";
import { transparencyFigure } from "../../lib/figure/transparency_figure.ts";
import { validationFigure } from "../../lib/figure/validation_figure.ts";
import type { Figure } from "../../lib/figure/write_figure.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { allowed } from "../support.ts";
import { smallResults } from "./small_results.ts";

const [WIDE, NARROW] = [6.75, 3.3];

Deno.test({
  name: "figures are those of the committed snapshots, rounded",
  ignore: !allowed("read", "write", "env", "ffi"),
  fn: async (t) => {
    const results = await smallResults();
    const { oneShot, repeated: series, map, curves } = results;
    const loadings = matrix(
      6,
      2,
      Float64Array.of(0.7, 0.1, 0.6, -0.2, -0.5, 0.2, 0.1, 0.8, 0, 0.5, 0.2, 0.4),
    );
    const figures: Record<string, () => Promise<Figure>> = {
      parallel_analysis: () =>
        parallelAnalysisFigure({
          eigenvalues: Float64Array.of(6, 2, 1, 0.7, 0.3, 0),
          thresholds: Float64Array.of(1.6, 1.3, 1.1, 1, 0.9, 0),
          nFactors: 2,
        }, { percentile: 95, replications: 20, width: NARROW }),
      loadings_2: () => loadingsFigure(loadings, "rotated", NARROW),
      oneshot_transparency: () => transparencyFigure(oneShot, NARROW),
      oneshot_erm_vs_transparency: () => ermFigure(oneShot, WIDE),
      oneshot_asymmetry: () => asymmetryFigure(oneShot, NARROW),
      repeated_delta_vs_k: () => deltaVsKFigure(series, WIDE),
      repeated_validation: () => validationFigure(series, WIDE),
      repeated_rho_k_colormap: () => rhoKColormapFigure(map, "misalignment", NARROW),
      repeated_rho_k_colormap_total: () => rhoKColormapFigure(map, "cost", WIDE),
      repeated_closedform_cumulative: () => closedFormFigure(curves, 0.1, WIDE),
    };
    for (const [name, draw] of Object.entries(figures)) {
      await t.step(name, async () => {
        const figure = await draw();
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
    const { oneShot, repeated: series, map } = results;
    const figures = await Promise.all([
      transparencyFigure(oneShot, WIDE),
      ermFigure(oneShot, WIDE),
      asymmetryFigure(oneShot, WIDE),
      deltaVsKFigure(series, WIDE),
      validationFigure(series, WIDE),
      rhoKColormapFigure(map, "misalignment", WIDE),
      rhoKColormapFigure(map, "cost", WIDE),
      closedFormFigure(results.curves, 0.1, WIDE),
    ]);
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
  const { outerHTML } = svg as unknown as { readonly outerHTML: string };
  const rounded = outerHTML
    .replace(/-?\d+\.\d+(e-\d+)?/g, (x) => String(Number(Number(x).toFixed(1)) + 0))
    .replace(/></g, ">\n<");
  return `<!-- ${
    caption.replace(/\d+\.\d+(e[-+]\d+)?/g, (x) => Number(x).toPrecision(2))
  } -->\n${rounded}\n`;
}
