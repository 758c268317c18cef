import { aliasTable } from "../stats/random/alias_table.ts";
import type { Uniform } from "../stats/random/stream.ts";
import type { EvaluatorPath } from "./evaluator_path.ts";
import type { Pool } from "./pool.ts";

/** Columns that are summed at once: more do not fit the processor's registers. */
const LANES = 4;

/** Draws tasks of the evaluator's distributions with replacement, and sums their skills. */
export class TaskDraws {
  readonly #d: number;
  readonly #z: Float64Array;
  readonly #evenShare: Float64Array;
  readonly #tables: readonly StartTable[];
  /** Where the skills of the tasks drawn last start. */
  #drawn = new Int32Array(0);

  constructor({ z }: Pool, path: EvaluatorPath) {
    this.#d = z.cols;
    this.#z = z.data;
    this.#evenShare = path.evenShare;
    this.#tables = tablesOf(path, z.cols);
  }

  /** Draws n tasks of π_t, by one uniform number each. */
  draw(t: number, n: number, uniform: Uniform): void {
    if (this.#drawn.length < n) this.#drawn = new Int32Array(n);
    const [table, even, drawn] = [this.#tables[t]!, this.#evenShare[t]!, this.#drawn];
    drawStarts(table, even, this.#d, n, uniform, drawn);
  }

  /** Adds the skills of the drawn tasks `from` … `to` − 1 to `sum`, d numbers. */
  add(from: number, to: number, sum: Float64Array): void {
    const [d, z, drawn] = [this.#d, this.#z, this.#drawn];
    const whole = d - d % LANES;
    for (let j = 0; j < whole; j += LANES) {
      let s0 = sum[j]!, s1 = sum[j + 1]!, s2 = sum[j + 2]!, s3 = sum[j + 3]!;
      for (let i = from; i < to; i++) {
        const at = drawn[i]! + j;
        s0 += z[at]!;
        s1 += z[at + 1]!;
        s2 += z[at + 2]!;
        s3 += z[at + 3]!;
      }
      sum[j] = s0;
      sum[j + 1] = s1;
      sum[j + 2] = s2;
      sum[j + 3] = s3;
    }
    for (let j = whole; j < d; j++) {
      let s = sum[j]!;
      for (let i = from; i < to; i++) s += z[drawn[i]! + j]!;
      sum[j] = s;
    }
  }
}

/** An alias table whose outcomes say where a task's skills start, its number times d. */
interface StartTable {
  readonly threshold: Float64Array;
  /** Of cell i, the start below its threshold at 2 i and the other at 2 i + 1. */
  readonly starts: Int32Array;
}

/**
 * Draws where tasks' skills start. An outcome is picked without a branch on the random number, which no
 * processor can predict: twice as fast.
 */
function drawStarts(
  { threshold, starts }: StartTable,
  even: number,
  d: number,
  n: number,
  uniform: Uniform,
  drawn: Int32Array,
): void {
  const N = threshold.length;
  for (let i = 0; i < n; i++) {
    const u = uniform();
    // What is left of a uniform number after a decision by it is uniform too.
    const x = (u < even ? u / even : (u - even) / (1 - even)) * N;
    const cell = x | 0;
    drawn[i] = u < even ? cell * d : starts[2 * cell + Number(x - cell >= threshold[cell]!)]!;
  }
}

/** A table for each round; rounds that share a distribution share theirs. */
function tablesOf({ rounds, distribution }: EvaluatorPath, d: number): StartTable[] {
  const made = new Map<Float64Array, StartTable>();
  return Array.from({ length: rounds }, (_, t) => {
    const pi = distribution(t);
    const table = made.get(pi) ?? startTable(pi, d);
    made.set(pi, table);
    return table;
  });
}

function startTable(pi: Float64Array, d: number): StartTable {
  const { threshold, alias } = aliasTable(pi);
  const starts = new Int32Array(2 * alias.length);
  for (let i = 0; i < alias.length; i++) {
    starts[2 * i] = i * d;
    starts[2 * i + 1] = alias[i]! * d;
  }
  return { threshold, starts };
}
