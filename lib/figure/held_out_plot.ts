import * as Plot from "@observablehq/plot";
import type { HeldOutRow } from "./held_out_figure.ts";
import { range, threeDigits } from "./kit/format.ts";
import { layout } from "./kit/layout.ts";
import { niceStep } from "./kit/nice_step.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { AXIS, COLORS } from "./kit/theme.ts";

const SIZES = {
  narrow: { aspect: 0.7, margin: { left: 44, right: 8, top: 8 }, radius: 1.8, ticks: 4 },
  wide: { aspect: 0.42, margin: { left: 48, right: 10, top: 8 }, radius: 2.2, ticks: 5 },
};
/** The models without skills are lines. */
const LINES = { "item means": "4,2", additive: "1,2" } as const;

/** Points for each split, a line through their means, and lines for the models without skills. */
export function plotHeldOut(rows: readonly HeldOutRow[], page: Page, chosen: number): Element {
  const key = [
    { name: "factor model", stroke: COLORS.accent },
    { name: "additive model", stroke: COLORS.ink, dash: LINES.additive },
    { name: "item means", stroke: COLORS.ink, dash: LINES["item means"] },
    { name: "parallel analysis", stroke: COLORS.warm },
  ];
  const size = layout(page.width, SIZES, { heading: "Hidden answers: smaller is better", key });
  const factors = rows.filter(({ model }) => model === "factors");
  const scores = rows.map(({ brier }) => brier);
  const step = niceStep((Math.max(...scores) - Math.min(...scores) || 1e-3) / size.ticks);
  const first = Math.floor(Math.min(...scores) / step);
  const last = Math.ceil(Math.max(...scores) / step);
  const most = Math.max(...factors.map(({ d }) => d));
  const meanOf = (model: string): number => {
    const found = rows.filter((row) => row.model === model);
    return found.reduce((sum, { brier }) => sum + brier, 0) / found.length;
  };
  return plotSvg(page, size, {
    x: { domain: [0.7, most + 0.3] },
    y: { domain: [first * step, last * step] },
    marks: [
      Plot.frame({ stroke: COLORS.rule }),
      Plot.axisX(range(most, 1), { ...AXIS, label: "skills *d*", text: String }),
      Plot.axisY(range(last - first + 1, first).map((n) => n * step), {
        ...AXIS,
        label: "Brier score",
        text: threeDigits,
      }),
      Plot.ruleX([chosen], { stroke: COLORS.warm, strokeWidth: size.stroke }),
      ...Object.entries(LINES).map(([model, strokeDasharray]) =>
        Plot.ruleY([meanOf(model)], {
          stroke: COLORS.ink,
          strokeWidth: 0.8 * size.stroke,
          strokeDasharray,
        })
      ),
      Plot.lineY(
        factors,
        Plot.groupX({ y: "mean" }, { x: "d", y: "brier", stroke: COLORS.accent }),
      ),
      Plot.dot(factors, {
        x: "d",
        y: "brier",
        r: size.radius,
        stroke: COLORS.accent,
        fill: ({ converged }: HeldOutRow) => converged ? COLORS.accent : "white",
      }),
    ],
  });
}
