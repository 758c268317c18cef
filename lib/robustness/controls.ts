import type { Responses } from "../responses/responses.ts";
import { stream, type Uniform } from "../stats/random/stream.ts";

/** Abilities and easinesses on the logit scale: P(y_si = 1) = 1/(1 + e^{−(a_s + e_i)}). */
export interface RaschModel {
  readonly ability: Float64Array;
  readonly easiness: Float64Array;
}

/** Effects of subjects and items that answered all, or none, are held within this. */
const MAX_LOGIT = 6;
/** Alternating Newton steps, and the change that ends them. */
const MAX_SWEEPS = 200;
const TOLERANCE = 1e-6;

/**
 * The Rasch model of a table by joint maximum likelihood (Rasch, 1960), effects within ±6.
 *
 * @param table S × p.
 */
export function raschModel(
  { subjectIds, itemIds, subject, item, response }: Responses,
): RaschModel {
  const model = {
    ability: new Float64Array(subjectIds.length),
    easiness: new Float64Array(itemIds.length),
  };
  const step = (own: Int32Array, of: Float64Array): number => {
    const [score, information] = [new Float64Array(of.length), new Float64Array(of.length)];
    for (let n = 0; n < own.length; n++) {
      const P = logistic(model.ability[subject[n]!]! + model.easiness[item[n]!]!);
      score[own[n]!]! += response[n]! - P;
      information[own[n]!]! += P * (1 - P);
    }
    let change = 0;
    of.forEach((old, i) => {
      const move = Math.min(1, Math.max(-1, score[i]! / Math.max(information[i]!, 1e-9)));
      of[i] = Math.min(MAX_LOGIT, Math.max(-MAX_LOGIT, old + move));
      change = Math.max(change, Math.abs(of[i]! - old));
    });
    return change;
  };
  for (let sweep = 0, change = Infinity; change > TOLERANCE && sweep < MAX_SWEEPS; sweep++) {
    change = step(item, model.easiness);
    change = Math.max(change, step(subject, model.ability));
  }
  return model;
}

/** A table with one skill: the given one's abilities and difficulties, its missing cells kept. */
export function oneSkillTable(table: Responses, model: RaschModel, seed: string): Responses {
  const uniform = stream(seed, "one skill");
  const response = table.response.map((_, n) => {
    const P = logistic(model.ability[table.subject[n]!]! + model.easiness[table.item[n]!]!);
    return uniform() < P ? 1 : 0;
  });
  return { ...table, response };
}

/** A table without any skill: each item's responses dealt out again among those who answered it. */
export function permutedTable(table: Responses, seed: string): Responses {
  const uniform = stream(seed, "permuted");
  const cells: number[][] = Array.from({ length: table.itemIds.length }, () => []);
  table.item.forEach((i, n) => cells[i]!.push(n));
  const response = table.response.slice();
  for (const places of cells) deal(response, places, uniform);
  return { ...table, response };
}

/** Shuffles the values at some places (Fisher and Yates). */
function deal(values: Float64Array, places: readonly number[], uniform: Uniform): void {
  for (let n = places.length - 1; n > 0; n--) {
    const [a, b] = [places[n]!, places[Math.floor(uniform() * (n + 1))]!];
    [values[a], values[b]] = [values[b]!, values[a]!];
  }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
