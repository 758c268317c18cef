import type { DrawingName } from "./draw.ts";
import type { Handed, NumberShown } from "./model.ts";
import type { Settings } from "./settings.ts";

/** What workers compute. */
export type Work = keyof Handed;

const REPEATED = ["delta", "learning", "bound", "cost"] as const;

/** What has to be drawn again when a setting changes; the map's crosshair is moved without. */
export const DRAWN_BY: Readonly<Record<keyof Settings, readonly DrawingName[]>> = {
  pool: ["oneShot", "map", ...REPEATED],
  bias: ["oneShot", "map", ...REPEATED],
  published: ["oneShot"],
  draw: ["oneShot"],
  awareness: ["oneShot"],
  k: REPEATED,
  rho: REPEATED,
  rounds: ["map", ...REPEATED],
  correction: ["map", ...REPEATED],
  bandwidth: ["map", ...REPEATED],
  forgetting: ["map", ...REPEATED],
  gamma: ["map", "cost"],
};

/** What workers have to compute again when a setting changes. */
export const COMPUTED_BY: Readonly<Record<keyof Settings, readonly Work[]>> = {
  pool: ["paths", "oneShot", "map"],
  bias: ["paths", "oneShot", "map"],
  published: ["oneShot"],
  draw: ["oneShot"],
  awareness: ["oneShot"],
  k: [],
  rho: ["paths"],
  rounds: ["paths", "map"],
  correction: ["paths", "map"],
  bandwidth: ["paths", "map"],
  forgetting: ["map"],
  gamma: ["map"],
};

/** Which of that a drawing shows. */
export const NEEDED_BY: Readonly<Record<DrawingName, Work>> = {
  oneShot: "oneShot",
  map: "map",
  delta: "paths",
  learning: "paths",
  bound: "paths",
  cost: "paths",
};

/** Which of that a number in the text is taken from; the others follow from the settings alone. */
export const NUMBER_NEEDS: Readonly<Partial<Record<NumberShown, Work>>> = {
  score: "oneShot",
  utility: "oneShot",
  erm: "oneShot",
  peak: "paths",
  peakRound: "paths",
  end: "paths",
  freeEnd: "paths",
  ratio: "paths",
  within: "paths",
  best: "paths",
  here: "paths",
  times: "paths",
};
