/** Replicates that a reader can have played, by Monte Carlo. */
export const REPLICATES = 200;

/** What a reader can change. */
export interface Settings {
  /** Name of the pool. */
  readonly pool: string;
  /** Published tasks of the one-shot game. */
  readonly published: number;
  /** Which published sets are drawn: 0, those of the figure. */
  readonly draw: number;
  /** α, share of the tasks that the developer knows. */
  readonly awareness: number;
  /** b, bandwidth of the evaluator's bias. */
  readonly bias: number;
  /** k, tasks scored a round. */
  readonly k: number;
  /** T. */
  readonly rounds: number;
  /** φ, the share of its counts that the developer forgets a round; null: ρ. */
  readonly forgetting: number | null;
  /** ρ, correction rate. */
  readonly rho: number;
  readonly correction: "gap_gaussian" | "uniform";
  /** h, bandwidth of the correction. */
  readonly bandwidth: number;
  /** γ, weight of misalignment in the loss. */
  readonly gamma: number;
}

/** A setting that is a number. */
export type NumberName = {
  [N in keyof Settings]: Settings[N] extends number | null ? N : never;
}[keyof Settings];

/** A slider with a box for the exact number. */
export interface Control {
  readonly name: NumberName;
  /** The symbol in the formulas, if any. */
  readonly symbol: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Where the slider stops, ascending. */
  readonly stops: readonly number[];
  readonly isWhole: boolean;
}

const RATES = ladder(0.005, 0.5, [1, 1.5, 2, 3, 4, 5, 6, 8]);
const COUNTS = ladder(1, 1000, [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80]);
const SHARES = ladder(0.01, 1, [1, 1.5, 2, 3, 4, 5, 7]);

/** All controls that are numbers, by name. */
export const CONTROLS: Readonly<Record<NumberName, Control>> = {
  published: whole("published", "k", "published tasks", COUNTS),
  draw: whole(
    "draw",
    "",
    "another draw of the published sets",
    Array.from({ length: 21 }, (_, n) => n),
  ),
  awareness: real("awareness", "α", "share of the tasks that the developer knows", SHARES),
  bias: real("bias", "b", "bandwidth of the evaluator’s bias", steps(0.1, 1.5, 0.05)),
  k: whole("k", "k", "tasks scored a round", COUNTS),
  rounds: whole("rounds", "T", "rounds", [10, 20, 30, 50, 75, 100, 150, 200, 250, 300, 400]),
  forgetting: real("forgetting", "φ", "share forgotten a round", [0, ...RATES, 0.75, 1]),
  rho: real("rho", "ρ", "correction rate", RATES),
  bandwidth: real("bandwidth", "h", "reach of the correction", steps(0, 0.5, 0.02)),
  gamma: real("gamma", "γ", "weight of misalignment", [
    0,
    ...ladder(0.005, 1, [1, 1.5, 2, 3, 5, 7]),
  ]),
};

/** The settings in a link's hash: those that differ from the defaults. */
export function toHash(settings: Settings, defaults: Settings): string {
  const changed = (Object.keys(defaults) as (keyof Settings)[])
    .filter((name) => settings[name] !== defaults[name])
    .map((name) => [name, settings[name] ?? "rho"].map(String).map(encodeURIComponent).join("="));
  return changed.length > 0 ? `#${changed.join("&")}` : "";
}

/**
 * The settings of a link's hash. What is unknown or out of range stays at its default.
 *
 * @param pools The pools that there are, with their numbers of tasks.
 */
export function fromHash(
  hash: string,
  defaults: Settings,
  pools: ReadonlyMap<string, number>,
): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const settings: Record<string, unknown> = { ...defaults };
  for (const [name, text] of given) {
    if (name === "pool" && pools.has(text)) settings[name] = text;
    if (name === "correction" && ["gap_gaussian", "uniform"].includes(text)) settings[name] = text;
    if (name === "forgetting" && text === "rho") settings[name] = null;
    if (!Object.hasOwn(CONTROLS, name)) continue;
    const value = within(CONTROLS[name as NumberName], text);
    if (value !== undefined) settings[name] = value;
  }
  return fitting(settings as unknown as Settings, pools);
}

/** The same settings, with no more tasks than the pool has. */
export function fitting(settings: Settings, pools: ReadonlyMap<string, number>): Settings {
  const N = pools.get(settings.pool) ?? Infinity;
  return { ...settings, published: Math.min(settings.published, N), k: Math.min(settings.k, N) };
}

/** A number as a person wrote it, if the control can have it. */
export function within({ min, max, isWhole }: Control, text: string): number | undefined {
  const value = Number(text.trim().replace(",", "."));
  if (text.trim() === "" || !(value >= min && value <= max)) return undefined;
  return isWhole ? Math.round(value) : value;
}

/** The index of the stop that is nearest to a value. */
export function nearestStop({ stops }: Control, value: number): number {
  let best = 0;
  stops.forEach((stop, n) => {
    if (Math.abs(stop - value) < Math.abs(stops[best]! - value)) best = n;
  });
  return best;
}

function real(name: NumberName, symbol: string, label: string, stops: readonly number[]): Control {
  return { name, symbol, label, min: stops[0]!, max: stops.at(-1)!, stops, isWhole: false };
}

function whole(name: NumberName, symbol: string, label: string, stops: readonly number[]): Control {
  return { ...real(name, symbol, label, stops), isWhole: true };
}

/** The multiples of powers of ten from low to high. */
function ladder(low: number, high: number, multiples: readonly number[]): number[] {
  const all = new Set<number>();
  for (let power = -3; power <= 3; power++) {
    // By text, so that a stop is 0.05 and not 0.05000000000000001.
    for (const multiple of multiples) all.add(Number(`${multiple}e${power}`));
  }
  return [...all].filter((x) => x >= low && x <= high).sort((a, b) => a - b);
}

function steps(low: number, high: number, step: number): number[] {
  const n = Math.round((high - low) / step);
  return Array.from({ length: n + 1 }, (_, i) => Number((low + i * step).toFixed(2)));
}
