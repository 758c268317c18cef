/** Colours that stay apart in every common colour blindness, and by lightness in grey. */
export const COLORS = {
  ink: "#222222",
  faint: "#8a8a8a",
  rule: "#dddddd",
  accent: "#3b0f83",
  warm: "#e0644a",
} as const;

/** Points on a light-to-dark ramp (after matplotlib's plasma), placed by log10 k. */
const RAMP: readonly (readonly [at: number, r: number, g: number, b: number])[] = [
  [0, 240, 164, 49],
  [0.7, 224, 100, 74],
  [1.3, 165, 44, 133],
  [2, 59, 15, 131],
];
const RAMP_END = 2;

/** The colour of a sample size k ≥ 1, the same in all figures. */
export function colorOfK(k: number): string {
  return atRamp(Math.min(RAMP_END, Math.max(0, Math.log10(k))));
}

/** A colour of the same ramp for anything else that is ordered: light at 0, dark at 1. */
export function rampColor(share: number): string {
  return atRamp(RAMP_END * Math.min(1, Math.max(0, share)));
}

function atRamp(x: number): string {
  const upper = Math.max(1, RAMP.findIndex(([at]) => at >= x));
  const [low, high] = [RAMP[upper - 1]!, RAMP[upper]!];
  const share = (x - low[0]) / (high[0] - low[0]);
  const part = (c: 1 | 2 | 3): number => Math.round(low[c] + share * (high[c] - low[c]));
  return `rgb(${part(1)}, ${part(2)}, ${part(3)})`;
}

/** How all axes are drawn: short ticks, the label in the middle. */
export const AXIS = { tickSize: 3, labelAnchor: "center", labelArrow: "none" } as const;

/** Text that stays readable on whatever lies under it. */
export const HALO = { stroke: "white", strokeWidth: 2.5, paintOrder: "stroke" } as const;
