/**
 * The games of the page: lib/game as it stands, with a product by plain loops. The same functions run
 * in the page's workers, in the task that draws the page, and in tests.
 *
 * @module
 */
import { closedFormConstants, finiteHorizonForm, steadyStateForm } from "../game/closed_form.ts";
import { type EvaluatorPath, totalVariation } from "../game/evaluator_path.ts";
import { type Game, pathsOf } from "../game/game.ts";
import { logSpacedIntegers } from "../game/grids.ts";
import { initialDistribution } from "../game/initial_distribution.ts";
import { argmin } from "../game/least_cost.ts";
import { empiricalRisk, transparency } from "../game/one_shot.ts";
import { makePool } from "../game/pool.ts";
import { playRepeated } from "../game/repeated.ts";
import { totalCostMeanField } from "../game/total_cost.ts";
import { type Band, bandOf } from "../stats/band.ts";
import { type Matrix, row, transpose } from "../stats/matrix.ts";
import { plainProduct } from "../stats/plain_product.ts";
import type { Settings } from "./settings.ts";

/** What a game is played on and how. */
export interface Job {
  /** N × d. */
  readonly z: Matrix;
  readonly settings: Settings;
  readonly played: Played;
}

/** How the figures' games were played, so that the page's numbers are theirs. */
export interface Played {
  readonly oneShotSeed: string;
  readonly repeatedSeed: string;
  /** Draws of the one-shot game. */
  readonly draws: number;
  /** The map's correction rates, and its number of sample sizes. */
  readonly rhos: readonly number[];
  readonly nKs: number;
  /** Sample sizes whose curves are drawn. */
  readonly ks: readonly number[];
  /** Points of the cost curves. */
  readonly costPoints: number;
  /** N_0; null: N. */
  readonly priorMass: number | null;
}

/** An evaluator's path as it can be sent from a worker, with the total variation of its rounds. */
export interface SentPath extends Omit<EvaluatorPath, "distribution"> {
  readonly variation: Float64Array;
}

/** The evaluator's side, with correction at rate ρ and without. */
export interface Paths {
  readonly corrected: SentPath;
  readonly free: SentPath;
}

/** Total cost and misalignment in the mean-field limit over R rates and K sample sizes. */
export interface CostMap {
  readonly rho: Float64Array;
  readonly k: Int32Array;
  /** R × K. */
  readonly misalignment: Float64Array;
  readonly cost: Float64Array;
  /** The k of least cost, on the grid and by the closed forms. */
  readonly meanField: Float64Array;
  readonly textbook: Float64Array;
  readonly finiteHorizon: Float64Array;
}

/** The one-shot game: bands over draws, of shares of the best utility. */
export interface OneShot {
  readonly k: Int32Array;
  readonly score: Band;
  readonly utility: Band;
  /** At the chosen awareness. */
  readonly erm: Band;
}

/** What the repeated game is played with. */
export function gameOf({ z, settings, played }: Job): Game {
  const { bias, correction, bandwidth, rounds, forgetting } = settings;
  return {
    pool: makePool(z),
    initial: initialDistribution(z, bias),
    correction: correction === "uniform" ? { kind: correction } : { kind: correction, bandwidth },
    rounds,
    forgetting,
    priorMass: played.priorMass,
    multiply: plainProduct,
  };
}

const remembered = new Map<string, Promise<EvaluatorPath[]>>();
const MAX_REMEMBERED = 6;

/** The evaluator's paths, each computed once as long as nothing that they depend on changes. */
function pathsFor(job: Job, rhos: ArrayLike<number>): Promise<EvaluatorPath[]> {
  const { bias, correction, bandwidth, rounds } = job.settings;
  const key = JSON.stringify([
    job.z.data.join(),
    bias,
    correction,
    bandwidth,
    rounds,
    Array.from(rhos),
  ]);
  const known = remembered.get(key) ?? Array.fromAsync(pathsOf(gameOf(job), rhos));
  remembered.delete(key);
  remembered.set(key, known);
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED) remembered.delete(oldest!);
  return known;
}

/** The evaluator's side for the chosen ρ and for none. */
export async function paths(job: Job): Promise<Paths> {
  const [corrected] = await pathsFor(job, [job.settings.rho]);
  // At ρ = 0 nothing moves, however far it would: reach 0 needs no products.
  const [free] = await pathsFor({ ...job, settings: { ...job.settings, bandwidth: 0 } }, [0]);
  return { corrected: sent(corrected!), free: sent(free!) };
}

function sent(path: EvaluatorPath): SentPath {
  const { rho, rounds, bias, moments, evenShare } = path;
  return { rho, rounds, bias, moments, evenShare, variation: totalVariation(path) };
}

/** A path as lib/game takes it, where nobody asks for its distributions. */
export function received(path: SentPath): EvaluatorPath {
  return {
    ...path,
    distribution: () => {
      throw new TypeError("Cannot draw tasks: the distributions are not here");
    },
  };
}

/** The map over ρ and k. */
export async function costMap(job: Job): Promise<CostMap> {
  const { gamma, rounds, forgetting } = job.settings;
  const { pool, initial } = gameOf(job);
  const N = pool.z.rows;
  const rho = Float64Array.from(job.played.rhos);
  const k = logSpacedIntegers(1, N, Math.min(job.played.nKs, N));
  const priorMass = job.played.priorMass ?? N;
  const found = await pathsFor(job, rho);
  const constants = {
    ...closedFormConstants(pool, initial),
    tasks: N,
    priorMass,
    gamma,
    rounds,
  };
  const played = found.map((path) =>
    totalCostMeanField(pool, path, { ks: k, forgetting: forgetting ?? path.rho, priorMass }, gamma)
  );
  const all = (part: "cost" | "misalignment"): Float64Array =>
    Float64Array.from(played.flatMap((of) => Array.from(of[part].data)));
  return {
    rho,
    k,
    misalignment: all("misalignment"),
    cost: all("cost"),
    meanField: Float64Array.from(played, ({ cost }) => k[argmin(cost.data)]!),
    textbook: rho.map((rho) => steadyStateForm({ ...constants, rho }).kStar),
    finiteHorizon: rho.map((rho) => finiteHorizonForm({ ...constants, rho }).kStar),
  };
}

/** The one-shot game, with the chosen number of published tasks among its sizes. */
export function oneShot({ z, settings, played }: Job): OneShot {
  const { published, awareness, bias, draw } = settings;
  const pool = makePool(z);
  const N = z.rows;
  const sizes = logSpacedIntegers(1, N, Math.min(played.nKs, N));
  const k = Int32Array.from(new Set([...sizes, published])).sort();
  const { oneShotSeed } = played;
  const seed = draw === 0 ? oneShotSeed : `${oneShotSeed} draw ${draw}`;
  const draws = (name: string): { draws: number; seed: string } => ({
    draws: played.draws,
    seed: `${seed} ${name}`,
  });
  const open = transparency(pool, initialDistribution(z, bias), k, draws("transparency"));
  const even = new Float64Array(N).fill(1 / N);
  const known = empiricalRisk(pool, even, [awareness], draws("erm"));
  const band = (m: Matrix): Band => bandOf(transpose(m).data, m.cols, m.rows);
  const score = band(open.publishedScore);
  const share = (values: Float64Array): Float64Array => values.map((x) => x / pool.muNorm);
  return {
    k,
    score: { mean: share(score.mean), p10: share(score.p10), p90: share(score.p90) },
    utility: band(open.utility),
    erm: band(known),
  };
}

/**
 * Plays the repeated game at the chosen ρ and k: the band of Δ_t over replicates.
 *
 * @param progress Called with the share of the replicates that are played.
 */
export async function monteCarlo(
  job: Job & { readonly replicates: number },
  progress: (share: number) => void = () => {},
): Promise<Band> {
  const { settings: { k, rho, forgetting, rounds }, replicates } = job;
  const { pool } = gameOf(job);
  const [path] = await pathsFor(job, [rho]);
  const values = new Float64Array(rounds * replicates);
  playRepeated(pool, path!, {
    ks: [k],
    forgetting: forgetting ?? rho,
    replicates,
    seed: job.played.repeatedSeed,
    priorMass: job.played.priorMass ?? pool.z.rows,
  }, (r, t, _k, { misalignment }) => {
    values[t * replicates + r] = misalignment;
    if (t === 0) progress(r / replicates);
  });
  return bandOf(values, rounds, replicates);
}

/** Row t of numbers of d columns. */
export function roundOf(numbers: Float64Array, t: number, d: number): Float64Array {
  return row({ rows: numbers.length / d, cols: d, data: numbers }, t);
}
