import type { Developer } from "../game/game.ts";
import { misalignmentBounds, productBound } from "../game/bounds.ts";
import { closedFormConstants, finiteHorizonForm, steadyStateForm } from "../game/closed_form.ts";
import { logSpaced } from "../game/grids.ts";
import { initialDistribution } from "../game/initial_distribution.ts";
import { argmin } from "../game/least_cost.ts";
import { knownTasks } from "../game/one_shot.ts";
import { playMeanField } from "../game/mean_field.ts";
import { makePool, norm, type Pool } from "../game/pool.ts";
import { totalCostMeanField } from "../game/total_cost.ts";
import type { Band } from "../stats/band.ts";
import { type CostMap, type Job, type OneShot, type Paths, received } from "./engine.ts";

/** What workers hand over; the first two are needed by everything else. */
export interface Handed {
  readonly paths: Paths;
  readonly oneShot: OneShot;
  /** Absent until it is computed. */
  readonly map: CostMap | undefined;
}

/** All numbers of the page for some settings, in the mean-field limit. */
export interface Model extends Handed {
  readonly job: Job;
  readonly pool: Pool;
  /** Δ_t with correction, for each of `ks`, and without: K × T. */
  readonly ks: readonly number[];
  readonly corrected: readonly Float64Array[];
  readonly free: readonly Float64Array[];
  /** Δ_t at the chosen ρ and k. */
  readonly curve: Float64Array;
  readonly bounds: Readonly<Record<BoundName, Float64Array>>;
  readonly cost: CostCurves;
  /** θ_t, the developer's skills: T × d. */
  readonly learned: Float64Array;
  readonly numbers: Readonly<Record<NumberShown, string>>;
}

/** The proven bound, the textbook's two terms, and the total variation in place of the second. */
export type BoundName = "proven" | "knowledge" | "correction" | "variation";

/** Loss over k at the chosen ρ. */
export interface CostCurves {
  readonly k: Float64Array;
  readonly meanField: Float64Array;
  readonly textbook: Float64Array;
  readonly finiteHorizon: Float64Array;
  readonly stars: Readonly<Record<"meanField" | "textbook" | "finiteHorizon", number>>;
  /** At the chosen k. */
  readonly here: number;
}

/** Numbers that stand in the text. */
export type NumberShown =
  | "tasks"
  | "skills"
  | "published"
  | "score"
  | "utility"
  | "known"
  | "erm"
  | "k"
  | "rounds"
  | "rho"
  | "gamma"
  | "phi"
  | "peak"
  | "peakRound"
  | "end"
  | "freeEnd"
  | "ratio"
  | "within"
  | "best"
  | "textbook"
  | "finite"
  | "here"
  | "times";

/** Smaller misalignment is not looked at beside a bound. */
const VISIBLE = 1e-4;

/** Computes what is fast enough to follow a moving slider. */
export function modelOf(job: Job, handed: Handed): Model {
  const { z, settings, played } = job;
  const { k, rho, rounds, bias, gamma } = settings;
  const pool = makePool(z);
  const initial = initialDistribution(z, bias);
  const corrected = received(handed.paths.corrected);
  const forgetting = settings.forgetting ?? rho;
  const priorMass = played.priorMass ?? z.rows;
  const ks = [...new Set([...played.ks, k])].filter((k) => k <= z.rows).sort((a, b) => a - b);
  const curvesOf = (path: typeof corrected, forgetting: number): Float64Array[] => {
    const curves = ks.map(() => new Float64Array(rounds));
    playMeanField(pool, path, { ks, forgetting, priorMass }, (t, n, { misalignment }) => {
      curves[n]![t] = misalignment;
    });
    return curves;
  };
  const withCorrection = curvesOf(corrected, forgetting);
  const without = curvesOf(received(handed.paths.free), settings.forgetting ?? 0);
  const curve = withCorrection[ks.indexOf(k)]!;
  const bounds = {
    ...misalignmentBounds(initial, k, rho, rounds),
    variation: handed.paths.corrected.variation,
    proven: productBound(pool, corrected, { k, forgetting, priorMass }),
  };
  const costKs = logSpaced(1, z.rows, played.costPoints);
  const costAt = (ks: ArrayLike<number>): Float64Array =>
    totalCostMeanField(pool, corrected, { ks, forgetting, priorMass }, gamma).cost.data;
  const cost = costAt(costKs);
  const [here] = costAt([k]);
  const form = {
    ...closedFormConstants(pool, initial),
    tasks: z.rows,
    priorMass,
    gamma,
    rho,
    rounds,
  };
  const [textbook, finite] = [steadyStateForm(form), finiteHorizonForm(form)];
  const curves: CostCurves = {
    k: costKs,
    meanField: cost,
    textbook: costKs.map(textbook.loss),
    finiteHorizon: costKs.map(finite.loss),
    stars: {
      meanField: costKs[argmin(cost)]!,
      textbook: textbook.kStar,
      finiteHorizon: finite.kStar,
    },
    here: here!,
  };
  const model = {
    ...handed,
    job,
    pool,
    ks,
    corrected: withCorrection,
    free: without,
    curve,
    bounds,
    cost: curves,
    learned: learnedSkills(pool, handed.paths.corrected.bias, { k, forgetting, priorMass }),
  };
  return { ...model, numbers: numbersOf(model) };
}

/** θ_t in the mean-field limit: the developer's skills, T × d. */
export function learnedSkills(
  { z, mu }: Pool,
  bias: Float64Array,
  { k, forgetting, priorMass }: Developer & { readonly k: number },
): Float64Array {
  const d = z.cols;
  const skills = new Float64Array(bias.length);
  const known = mu.map((x) => priorMass * x);
  for (let t = 0; t < bias.length / d; t++) {
    const length = norm(known);
    for (let j = 0; j < d; j++) {
      skills[t * d + j] = known[j]! / length;
      const seen = k * (bias[t * d + j]! + mu[j]!);
      known[j] = (1 - forgetting) * known[j]! + forgetting * priorMass * mu[j]! + seen;
    }
  }
  return skills;
}

function numbersOf(model: Omit<Model, "numbers">): Record<NumberShown, string> {
  const { job: { z, settings }, oneShot, curve, free, ks, bounds, cost } = model;
  const { published, k, awareness } = settings;
  const at = oneShot.k.indexOf(published);
  const peak = Math.max(...curve);
  const ratios = Array.from(curve, (x, t) => x / bounds.proven[t]!)
    .filter((_, t) => t > 0 && curve[t]! >= VISIBLE);
  const percent = (band: Band, n: number): string => `${(100 * band.mean[n]!).toFixed(1)}\u00a0%`;
  const star = (k: number): string => Number.isFinite(k) ? k.toPrecision(3) : "none";
  const small = (x: number): string =>
    Math.abs(x) < VISIBLE ? `less than ${VISIBLE}` : x.toFixed(4).replace("-", "−");
  const least = Math.min(...cost.meanField);
  return {
    tasks: String(z.rows),
    skills: String(z.cols),
    published: String(published),
    score: percent(oneShot.score, at),
    utility: percent(oneShot.utility, at),
    known: String(knownTasks(awareness, z.rows)),
    erm: percent(oneShot.erm, 0),
    k: String(k),
    rounds: String(settings.rounds),
    rho: String(settings.rho),
    gamma: String(settings.gamma),
    phi: String(settings.forgetting ?? settings.rho),
    peak: small(peak),
    peakRound: String(curve.indexOf(peak)),
    end: small(curve.at(-1)!),
    freeEnd: small(free[ks.indexOf(k)]!.at(-1)!),
    ratio: ratios.length > 0 ? Math.max(...ratios).toFixed(2) : "0",
    within: ratios.every((x) => x <= 1) ? "holds in every round" : "is broken",
    best: star(cost.stars.meanField),
    textbook: star(cost.stars.textbook),
    finite: star(cost.stars.finiteHorizon),
    here: cost.here.toPrecision(3),
    times: least > 0 ? (cost.here / least).toFixed(2) : "1.00",
  };
}
