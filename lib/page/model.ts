import type { Developer } from "../game/game.ts";
import { misalignmentBounds, productBound } from "../game/bounds.ts";
import {
  type ClosedForm,
  closedFormConstants,
  type ClosedFormOptions,
  finiteHorizonForm,
  steadyStateForm,
} from "../game/closed_form.ts";
import { logSpaced } from "../game/grids.ts";
import type { EvaluatorPath } from "../game/evaluator_path.ts";
import { initialDistribution } from "../game/initial_distribution.ts";
import { argmin } from "../game/least_cost.ts";
import { knownTasks } from "../game/one_shot.ts";
import { playMeanField } from "../game/mean_field.ts";
import { makePool, norm, type Pool } from "../game/pool.ts";
import { totalCostMeanField } from "../game/total_cost.ts";
import type { Matrix } from "../stats/matrix.ts";
import type { Band } from "../stats/band.ts";
import { lazily } from "./lazily.ts";
import {
  type CostMap,
  type Job,
  type OneShot,
  type Paths,
  received,
  type SentPath,
} from "./engine.ts";

/** What workers hand over; a part is only looked at by what is drawn from it. */
export interface Handed {
  readonly paths: Paths;
  readonly oneShot: OneShot;
  readonly map: CostMap;
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
  /** The closed forms: steady state, finite horizon. */
  readonly forms: readonly [ClosedForm, ClosedForm];
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

/** Computes what is fast enough to follow a moving slider, each part when it is first read. */
export function modelOf(job: Job, handed: Handed): Model {
  const { z, settings, played } = job;
  const { k, rho, rounds, bias, gamma } = settings;
  const pool = makePool(z);
  const parts: {
    readonly initial: Float64Array;
    readonly path: EvaluatorPath;
    readonly form: ClosedFormOptions;
  } = lazily({
    initial: () => initialDistribution(z, bias),
    path: () => received(handed.paths.corrected),
    form: (): ClosedFormOptions => ({
      ...closedFormConstants(pool, parts.initial),
      ...{ tasks: z.rows, priorMass, gamma, rho, rounds },
    }),
  });
  const forgetting = settings.forgetting ?? rho;
  const priorMass = played.priorMass ?? z.rows;
  const developer = { forgetting, priorMass };
  const ks = [...new Set([...played.ks, k])].filter((k) => k <= z.rows).sort((a, b) => a - b);
  const curvesOf = (path: SentPath, forgetting: number): Float64Array[] => {
    const known = knownCurves(z, path, `${forgetting} ${priorMass}`);
    const missing = ks.filter((k) => !known.has(k));
    for (const k of missing) known.set(k, new Float64Array(rounds));
    const options = { ks: missing, forgetting, priorMass };
    playMeanField(pool, received(path), options, (t, n, { misalignment }) => {
      known.get(missing[n]!)![t] = misalignment;
    });
    return ks.map((k) => known.get(k)!);
  };
  const model: Model = lazily<Model>({
    job: () => job,
    pool: () => pool,
    ks: () => ks,
    paths: () => handed.paths,
    oneShot: () => handed.oneShot,
    map: () => handed.map,
    corrected: () => curvesOf(handed.paths.corrected, forgetting),
    free: () => curvesOf(handed.paths.free, settings.forgetting ?? 0),
    curve: () => model.corrected[ks.indexOf(k)]!,
    bounds: () => ({
      ...misalignmentBounds(parts.initial, k, rho, rounds),
      variation: handed.paths.corrected.variation,
      proven: productBound(pool, parts.path, { k, ...developer }),
    }),
    forms: () => [steadyStateForm(parts.form), finiteHorizonForm(parts.form)],
    cost: () => {
      const costKs = logSpaced(1, z.rows, played.costPoints);
      const costAt = (ks: ArrayLike<number>): Float64Array =>
        totalCostMeanField(pool, parts.path, { ks, ...developer }, gamma).cost.data;
      const meanField = costAt(costKs);
      const [textbook, finite] = model.forms;
      return {
        k: costKs,
        meanField,
        textbook: costKs.map(textbook.loss),
        finiteHorizon: costKs.map(finite.loss),
        stars: {
          meanField: costKs[argmin(meanField)]!,
          textbook: textbook.kStar,
          finiteHorizon: finite.kStar,
        },
        here: costAt([k])[0]!,
      };
    },
    learned: () => learnedSkills(pool, handed.paths.corrected.bias, { k, ...developer }),
    numbers: () => numbersOf(model),
  });
  return model;
}

/** Curves by k of one path and one developer: a slider of k asks for all of them, and only one is new. */
interface Known {
  readonly z: Matrix;
  readonly developer: string;
  readonly curves: Map<number, Float64Array>;
}
const KNOWN = new WeakMap<SentPath, Known>();

function knownCurves(z: Matrix, path: SentPath, developer: string): Known["curves"] {
  const known = KNOWN.get(path);
  if (known?.z === z && known.developer === developer) return known.curves;
  const curves: Known["curves"] = new Map();
  KNOWN.set(path, { z, developer, curves });
  return curves;
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

function numbersOf(model: Model): Record<NumberShown, string> {
  const { job: { z, settings }, ks } = model;
  const { published, k, awareness } = settings;
  const percent = (band: Band, n: number): string => `${(100 * band.mean[n]!).toFixed(1)}\u00a0%`;
  const star = (k: number): string => Number.isFinite(k) ? k.toPrecision(3) : "none";
  const small = (x: number): string =>
    Math.abs(x) < VISIBLE ? `less than ${VISIBLE}` : x.toFixed(4).replace("-", "−");
  const found = lazily({
    at: () => model.oneShot.k.indexOf(published),
    peak: () => Math.max(...model.curve),
    ratios: () =>
      Array.from(model.curve, (x, t) => x / model.bounds.proven[t]!)
        .filter((_, t) => t > 0 && model.curve[t]! >= VISIBLE),
    least: () => Math.min(...model.cost.meanField),
  });
  return lazily<Record<NumberShown, string>>({
    tasks: () => String(z.rows),
    skills: () => String(z.cols),
    published: () => String(published),
    score: () => percent(model.oneShot.score, found.at),
    utility: () => percent(model.oneShot.utility, found.at),
    known: () => String(knownTasks(awareness, z.rows)),
    erm: () => percent(model.oneShot.erm, 0),
    k: () => String(k),
    rounds: () => String(settings.rounds),
    rho: () => String(settings.rho),
    gamma: () => String(settings.gamma),
    phi: () => String(settings.forgetting ?? settings.rho),
    peak: () => small(found.peak),
    peakRound: () => String(model.curve.indexOf(found.peak)),
    end: () => small(model.curve.at(-1)!),
    freeEnd: () => small(model.free[ks.indexOf(k)]!.at(-1)!),
    ratio: () => found.ratios.length > 0 ? Math.max(...found.ratios).toFixed(2) : "0",
    within: () => found.ratios.every((x) => x <= 1) ? "holds in every round" : "is broken",
    best: () => star(model.cost.stars.meanField),
    textbook: () => star(model.forms[0].kStar),
    finite: () => star(model.forms[1].kStar),
    here: () => model.cost.here.toPrecision(3),
    times: () => found.least > 0 ? (model.cost.here / found.least).toFixed(2) : "1.00",
  });
}
