import * as Plot from "@observablehq/plot";
import { range } from "./kit/format.ts";
import { layout } from "./kit/layout.ts";
import { logTicks } from "./kit/log_axis.ts";
import { niceStep } from "./kit/nice_step.ts";
import { type PanelAxis, panelScales, placePanels } from "./kit/panels.ts";
import { type Page, plotSvg } from "./kit/plot_svg.ts";
import { COLORS } from "./kit/theme.ts";
import type { UncertaintyRow } from "./uncertainty_figure.ts";

const SIZES = {
  narrow: { aspect: 2.15, margin: { left: 96, right: 8, top: 12 }, columns: 1, ticks: 5 },
  wide: { aspect: 0.62, margin: { left: 106, right: 8, top: 14 }, columns: 2, ticks: 5 },
};

/** What is drawn of the headline numbers: titles, words, and whether on a logarithmic axis. */
export const NUMBERS: Readonly<
  Record<
    string,
    {
      readonly title: string;
      readonly words: string;
      readonly isLog?: boolean;
      readonly isCount?: boolean;
    }
  >
> = {
  peakMisalignment: { title: "peak misalignment *Δ*_{*t*}", words: "peak misalignment" },
  nFactors: { title: "number of skills *d*", words: "the number of skills", isCount: true },
  kStarSlow: { title: "*k*\\* at *ρ* = 0.01", words: "k* at ρ = 0.01", isLog: true },
  kStarFast: { title: "*k*\\* at *ρ* = 0.1", words: "k* at ρ = 0.1", isLog: true },
  transparency: { title: "utility of 20 published tasks", words: "transparency's utility" },
  erm: { title: "utility of a private sample", words: "ERM's utility" },
};
/** Room at the ends of an axis, as a share of it. */
const ROOM = 0.06;

/** A panel for each number, in it an interval for each source. */
export function plotUncertainty(rows: readonly UncertaintyRow[], page: Page): Element {
  const size = layout(page.width, SIZES);
  const sources = [...new Set(rows.map(({ source }) => source))];
  const S = sources.length;
  const groups = Object.entries(NUMBERS).map(([headline, number]) => ({
    ...number,
    rows: rows.filter((row) => row.headline === headline),
  }));
  const panels = placePanels(
    size,
    size.columns,
    groups.map(({ title, rows, isLog = false, isCount = false }) => ({
      title,
      x: { ...axisOf(rows, { isLog, isCount }, size.ticks), label: "" },
      y: {
        domain: [0.5 - S, 0.5],
        ticks: range(S).map((n) => -n),
        text: (y: number) => sources[-y]!,
        label: "",
      },
    })),
  );
  const marks = groups.flatMap(({ rows }, n) => {
    const panel = panels[n]!;
    const at = ({ source }: UncertaintyRow): number => panel.y(-sources.indexOf(source));
    const value = rows.find((row) => Number.isFinite(row.value))?.value;
    return [
      ...panel.marks,
      Plot.link(value === undefined ? [] : [value], {
        x: panel.x,
        y1: panel.y(0.5 - S),
        y2: panel.y(0.5),
        stroke: COLORS.warm,
        strokeWidth: size.stroke,
      }),
      Plot.link(rows, {
        x1: ({ low }: UncertaintyRow) => panel.x(low),
        x2: ({ high }: UncertaintyRow) => panel.x(high),
        y: at,
        stroke: COLORS.accent,
        strokeWidth: 3 * size.stroke,
        strokeLinecap: "round",
      }),
    ];
  });
  return plotSvg(page, size, { ...panelScales(size), marks });
}

function axisOf(
  rows: readonly UncertaintyRow[],
  { isLog, isCount }: { readonly isLog: boolean; readonly isCount: boolean },
  most: number,
): Pick<PanelAxis, "domain" | "ticks" | "isLog"> {
  const ends = rows.flatMap(({ low, high, value }) => [low, high, value]).filter(Number.isFinite);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (isLog) {
    const ratio = (high / low) ** ROOM;
    const domain = [low / ratio, high * ratio] as const;
    return { domain, isLog, ticks: logTicks(...domain, most) };
  }
  const room = ROOM * (high - low) || ROOM;
  const domain = [low - room, high + room] as const;
  const step = Math.max(niceStep((domain[1] - domain[0]) / most), isCount ? 1 : 0);
  const first = Math.ceil(domain[0] / step);
  const ticks = range(Math.floor(domain[1] / step) - first + 1, first);
  return { domain, ticks: ticks.map((n) => Number((n * step).toPrecision(6))) };
}
