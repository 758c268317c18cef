import * as Plot from "@observablehq/plot";
import { range, threeDigits } from "./kit/format.ts";
import { layout } from "./kit/layout.ts";
import { niceStep } from "./kit/nice_step.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";
import type { VariantRow } from "./multiverse_figure.ts";

/** The name of the workflow's own choices. */
export const BASE = "base";

const SIZES = {
  narrow: { aspect: 1.15, margin: { left: 74, right: 6, top: 6 }, radius: 1.8, values: false },
  wide: { aspect: 0.62, margin: { left: 92, right: 14, top: 6 }, radius: 2.6, values: true },
};

/** Height of the estimates, in rows of the choices below them; and the gap between the two. */
const ABOVE = 7;
const GAP = 1;
/** Ticks of the estimates, at most. */
const TICKS = 4;

/** What each choice is called beside its row. */
const NAMES: Readonly<Record<string, string>> = {
  n_factors: "skills *d*",
  factor_model: "factor model",
  tau: "threshold *τ*",
  psi_floor: "least *ψ*",
  min_minority: "rarer response",
  rotation: "rotation",
  kaiser: "Kaiser weights",
  bias_bandwidth: "bias *b*",
  correction_bandwidth: "correction *h*",
  forgetting: "forgetting *φ*",
  n_rounds: "rounds *T*",
  gamma: "weight *γ*",
  n_pool: "pool size *N*",
  prior_mass: "prior *N*_{0}",
};

/** Sorted estimates above, and a row for each choice below. */
export function plotMultiverse(rows: readonly VariantRow[], page: Page): Element {
  const size = layout(page.width, SIZES, { heading: "Peak misalignment *Δ*_{*t*}" });
  const choices = [...new Set(rows.map(({ choice }) => choice))].sort((a, b) =>
    Number(b === BASE) - Number(a === BASE) || a.localeCompare(b)
  );
  const step = niceStep(Math.max(...rows.map(({ peak }) => peak), Number.MIN_VALUE) / TICKS);
  const highest = Math.ceil(Math.max(...rows.map(({ peak }) => peak), step) / step);
  // One axis for both halves: estimates in rows above 0, choices at −1, −2, ….
  const above = (peak: number): number => (peak / (highest * step)) * ABOVE;
  const below = (choice: string): number => -GAP - choices.indexOf(choice);
  const colorOf = ({ name }: VariantRow): string => name === BASE ? COLORS.warm : COLORS.accent;
  const fillOf = (row: VariantRow): string => row.remark === "" ? colorOf(row) : "white";
  const dots = { x: "rank", r: size.radius, stroke: colorOf, fill: fillOf, strokeWidth: 0.8 };
  const base = rows.filter(({ name }) => name === BASE);
  const values = rows.filter(({ name }) => name.includes(" = "));
  return plotSvg(page, size, {
    x: { domain: [-1, rows.length], axis: null },
    y: { domain: [-GAP - choices.length, ABOVE + 0.4] },
    marks: [
      Plot.ruleY(choices.map(below), { stroke: COLORS.rule, strokeWidth: 0.5 }),
      Plot.ruleY([0], { stroke: COLORS.faint, strokeWidth: 0.6 }),
      Plot.ruleX(base, {
        x: "rank",
        stroke: COLORS.warm,
        strokeWidth: 0.5,
        strokeDasharray: "2,2",
      }),
      Plot.axisY(range(highest + 1).map((n) => above(n * step)), {
        ...AXIS,
        label: null,
        text: (y: number) => threeDigits((y / ABOVE) * highest * step),
      }),
      Plot.axisY(choices.map(below), {
        tickSize: 0,
        label: null,
        text: (y: number) => NAMES[choices[-GAP - y]!] ?? choices[-GAP - y]!,
      }),
      Plot.dot(rows, { ...dots, y: (row: VariantRow) => above(row.peak) }),
      Plot.dot(rows, { ...dots, y: (row: VariantRow) => below(row.choice) }),
      ...(size.values
        ? [Plot.text(values, {
          x: "rank",
          y: (row: VariantRow) => below(row.choice),
          // Without the 0 before the point: neighbours are 11 points apart.
          text: ({ name }: VariantRow) => name.split(" = ")[1]!.replace(/^0\./, "."),
          dy: -7,
          fontSize: size.font - 2,
        })]
        : []),
    ],
  });
}
