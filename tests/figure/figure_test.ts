import assert from "node:assert/strict";
import { encodeCsv } from "../../lib/figure/kit/csv.ts";
import { deltaVsKFigure } from "../../lib/figure/delta_vs_k_figure.ts";
import { loadingBins } from "../../lib/figure/loading_bins.ts";
import { loadingsFigure } from "../../lib/figure/loadings_figure.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { parallelAnalysisFigure } from "../../lib/figure/parallel_analysis_figure.ts";
import { repeated } from "../../lib/artifact/kinds.ts";
import { resultsOf } from "../results.ts";
import { pathOperators } from "../../lib/figure/pdf/path_operators.ts";
import { renderPdf } from "../../lib/figure/pdf/render_pdf.ts";
import { textRuns } from "../../lib/figure/pdf/text_runs.ts";
import { colorOfK } from "../../lib/figure/kit/theme.ts";
import { parseTransform } from "../../lib/figure/pdf/transform.ts";
import type { Figure } from "../../lib/figure/figure.ts";
import { allowed } from "../support.ts";
import { page } from "./page.ts";

const ignore = !allowed("read", "env");

const path = (data: string): string[] => pathOperators(data).map(String);

Deno.test("textRuns() sets subscripts, superscripts and italics", () => {
  assert.deepEqual(
    textRuns("*Δ*_{t} x^2").map(({ text, rise, italic }) => [text, Math.sign(rise), italic]),
    [["Δ", 0, true], ["t", -1, false], [" x", 0, false], ["2", 1, false]],
  );
  assert.equal(textRuns("a\\_b *c*").map(({ text }) => text).join(""), "a_b c");
});

Deno.test("pathOperators() reads absolute and relative commands, and smooth and quadratic curves", () => {
  assert.deepEqual(path("M1,2l3,4H0V-1Z"), ["1 2 m", "4 6 l", "0 6 l", "0 -1 l", "h"]);
  assert.deepEqual(path("M0,0C0,1,1,2,2,2S4,3,4,4"), ["0 0 m", "0 1 1 2 2 2 c", "3 2 4 3 4 4 c"]);
  assert.deepEqual(path("M0,0Q3,3,6,0"), ["0 0 m", "2 2 4 2 6 0 c"]);
});

Deno.test("pathOperators() draws a half circle as curves of a quarter turn", () => {
  const [, ...curves] = path("M1,0A1,1,0,0,1,-1,0");
  const numbers = curves.flatMap((curve) => curve.split(" ").slice(0, -1).map(Number));
  const kappa = 4 / 3 * (Math.SQRT2 - 1);
  const expected = [1, kappa, kappa, 1, 0, 1, -kappa, 1, -1, kappa, -1, 0];
  assert.equal(numbers.length, expected.length);
  numbers.forEach((x, n) => assert.ok(Math.abs(x - expected[n]!) < 1e-12, curves.join()));
});

Deno.test("pathOperators() throws for malformed data", () => {
  for (const data of ["1,2", "M1", "M1,2X3", "M1,2A1,1,0,2,1,3,4"]) {
    assert.throws(() => pathOperators(data), TypeError, data);
  }
});

Deno.test("parseTransform() multiplies a list from left to right", () => {
  assert.deepEqual(parseTransform("translate(10,20) scale(2)"), [2, 0, 0, 2, 10, 20]);
  assert.throws(() => parseTransform("skewX(3)"), TypeError);
});

Deno.test("colorOfK() gets darker with k, and is the same for the same k", () => {
  const light = [1, 3, 5, 20, 60, 100, 1000].map((k) => {
    const [r = 0, g = 0, b = 0] = (colorOfK(k).match(/\d+/g) ?? []).map(Number);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  light.slice(1, 6).forEach((l, n) => assert.ok(l < light[n]!));
  assert.equal(light[6], light[5]);
});

Deno.test("encodeCsv() comments the head, quotes what needs it, and throws for odd lengths", () => {
  const csv = encodeCsv(["A title"], [
    { name: "a", meaning: "first", values: [1, 0.1] },
    { name: "b", meaning: "second", values: ["x,y", 'say "z"'] },
  ]);
  assert.equal(csv, '# A title\n# a: first\n# b: second\na,b\n1,"x,y"\n0.1,"say ""z"""\n');
  assert.throws(() =>
    encodeCsv([], [{ name: "a", meaning: "", values: [1] }, { name: "b", meaning: "", values: [] }])
  );
});

const SERIES = resultsOf(repeated, { K: 2, R: 2, T: 3, N: 9 }, {
  k: Int32Array.of(1, 20),
  rho: Float64Array.of(0.05, 0),
  t: Int32Array.of(0, 1, 2),
  misalignment_mean: Float64Array.of(0, 0.1, 0.05, 0, 0.3, 0.2, 0, 0.1, 0.15, 0, 0.3, 0.4),
  misalignment_p10: Float64Array.of(0, 0.05, 0.02, 0, 0.25, 0.15, 0, 0.05, 0.1, 0, 0.25, 0.35),
  misalignment_p90: Float64Array.of(0, 0.15, 0.1, 0, 0.35, 0.25, 0, 0.15, 0.2, 0, 0.35, 0.45),
  measurement_bias: matrix(2, 3, Float64Array.of(0.3, 0.2, 0.1, 0.3, 0.3, 0.3)),
}, { n_pool: 9, n_skills: 2, n_replicates: 7, seed: "" });

const scree = async (): Promise<Figure> =>
  parallelAnalysisFigure({
    eigenvalues: Float64Array.of(6, 2, 1, 0.7, 0.3, 0),
    thresholds: Float64Array.of(1.6, 1.3, 1.1, 1, 0.9, 0),
    nFactors: 2,
    percentile: 95,
    replications: 20,
  }, await page(3.3));

/** The picture's texts and its lines' places, rounded. */
function summary({ svg }: Figure): string {
  const texts = Array.from(svg.querySelectorAll("text"), (text) => text.textContent).join(" | ");
  const paths = Array.from(svg.querySelectorAll("path"), (path) => path.getAttribute("d") ?? "")
    .map((d) => d.replace(/-?\d+(\.\d+)?/g, (x) => Number(x).toFixed(0)));
  return [texts, ...paths].join("\n");
}

Deno.test({
  name: "deltaVsKFigure() says its peaks in the caption and draws a line for each k and panel",
  ignore,
  fn: async () => {
    const figure = deltaVsKFigure(SERIES, await page(6.75));
    assert.match(
      figure.caption,
      /peaks at 0\.100 in round 1 for k = 1, 0\.300 in round 1 for k = 20/,
    );
    assert.match(
      figure.caption,
      /Without correction it ends at 0\.150 for k = 1, 0\.400 for k = 20/,
    );
    const text = summary(figure);
    assert.match(text, /\*k\* = 20/);
    assert.match(text, /with correction, \*ρ\* = 0\.05/);
    const lines = Array.from(figure.svg.querySelectorAll("[aria-label=line] path"));
    assert.equal(lines.length, 4);
    assert.equal(figure.columns[0]?.values.length, 12);
    assert.deepEqual(
      figure.columns.find(({ name }) => name === "misalignment_mean")?.values,
      Array.from(SERIES.arrays.misalignment_mean),
    );
  },
});

Deno.test({
  name: "parallelAnalysisFigure() marks d, and its line goes through the eigenvalues' places",
  ignore,
  fn: async () => {
    const figure = await scree();
    assert.match(figure.caption, /\(10 items, 6 subjects\).*d = 2 skills, with 60\.0 %, 20\.0 %/);
    assert.match(summary(figure), /\*d\* = 2/);
    const [, line] = Array.from(figure.svg.querySelectorAll("[aria-label=line] path"));
    const heights = path(line?.getAttribute("d") ?? "").map((point) => Number(point.split(" ")[1]));
    assert.equal(heights.length, 5);
    // A logarithmic axis: equal ratios are equal distances (6 : 2 is 3 : 1).
    const unit = (heights[1]! - heights[0]!) / Math.log(6 / 2);
    // Plot rounds to thousandths of a point.
    assert.ok(Math.abs((heights[2]! - heights[1]!) / Math.log(2 / 1) - unit) < 0.01);
  },
});

Deno.test({
  name: "renderPdf() gives the same bytes twice, and keeps title, caption and provenance",
  ignore,
  fn: async () => {
    const info = {
      title: "T",
      subject: "Caption Δ",
      provenance: '{"key":"abc"}',
      note: "simulated",
    };
    const bytes = await renderPdf((await scree()).svg, info);
    assert.deepEqual(await renderPdf((await scree()).svg, info), bytes);
    const { PDFDict, PDFDocument, PDFHexString, PDFName } = await import("pdf-lib");
    const document = await PDFDocument.load(bytes, { updateMetadata: false });
    assert.equal(document.getTitle(), "T");
    assert.equal(document.getSubject(), "Caption Δ");
    const dictionary = document.context.lookup(document.context.trailerInfo.Info, PDFDict);
    const entry = dictionary.lookup(PDFName.of("Provenance"), PDFHexString);
    assert.equal(entry.decodeText(), '{"key":"abc"}');
    assert.equal(document.getPage(0).getWidth(), 3.3 * 72);
  },
});

Deno.test("loadingBins() sorts by dominant column and averages neighbours of one group only", () => {
  const rows = [[0.1, -0.9], [0.8, 0], [0.2, 0.3], [0.6, 0.2], [0.4, 0.1]];
  const { groups, itemsPerBin, from, to, mean } = loadingBins(
    matrix(5, 2, Float64Array.from(rows.flat())),
    3,
  );
  assert.equal(itemsPerBin, 2);
  assert.deepEqual(groups, [{ column: 0, from: 0, to: 3 }, { column: 1, from: 3, to: 5 }]);
  assert.deepEqual([...from], [0, 2, 3]);
  assert.deepEqual([...to], [2, 3, 5]);
  const expected = [0.7, 0.1, 0.4, 0.1, 0.15, -0.3];
  mean.data.forEach((value, n) => assert.ok(Math.abs(value - expected[n]!) < 1e-12));
});

Deno.test({
  name: "loadingsFigure() draws 20,000 items in a few hundred rows, says so, and counts by factor",
  ignore,
  fn: async () => {
    const [p, d] = [20_000, 4];
    const loadings = matrix(p, d);
    // A tenth of the items load most on factor 1, 30 % on 2, 20 % on 3, 40 % on 4.
    const dominant = [0, 1, 1, 1, 2, 2, 3, 3, 3, 3];
    loadings.data.forEach((_, n) => {
      const [i, j] = [Math.floor(n / d), n % d];
      loadings.data[n] = dominant[i % 10] === j ? 0.3 + (0.4 * i) / p : -0.05;
    });
    for (const stage of ["raw", "sparsified"] as const) {
      const figure = loadingsFigure({ loadings, stage }, await page(6.75));
      const cells = figure.svg.querySelectorAll("[aria-label=rect] rect");
      assert.ok(cells.length <= 304 * d && cells.length > 290 * d, `${cells.length}`);
      assert.match(figure.caption, /1: 2,000, \w+ 2: 6,000, \w+ 3: 4,000, \w+ 4: 8,000/);
      assert.match(figure.caption, /mean of at most 67 neighbouring items/);
      assert.match(summary(figure), /4: 8,000/);
      const info = { title: "T", subject: "S", provenance: "{}", note: undefined };
      assert.ok((await renderPdf(figure.svg, info)).length < 300_000);
    }
    const two = matrix(2, 1, Float64Array.of(0.5, -0.2));
    const small = loadingsFigure({ loadings: two, stage: "rotated" }, await page(3.3));
    assert.match(small.caption, /Each row is an item/);
    assert.deepEqual(small.columns.at(-1)?.values, [0.5, -0.2]);
  },
});

Deno.test("encodeCsv() throws for a number that is not finite, and names figure, column and row", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const column = { name: "a", meaning: "", values: ["", 1, value] };
    assert.throws(
      () => encodeCsv(["A title"], [column]),
      new RangeError(`Cannot write the CSV of "A title": column a, row 3 is ${value}`),
    );
  }
});
