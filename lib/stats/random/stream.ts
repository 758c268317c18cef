import seedrandom from "seedrandom";

/** A source of uniform random numbers in [0, 1). */
export type Uniform = () => number;

/**
 * The named random stream of a seed: the same names give the same numbers, and other names give
 * unrelated ones, so that a result never depends on how replicates are spread over workers.
 * The generator is Baagøe's Alea (period about 2^116), from seedrandom.
 *
 * @param seed Root seed, a string or number.
 * @param names What the stream is for, for example `"replicate", 3`.
 * @returns A function that gives the next number in [0, 1), with 32 random bits.
 *
 * @example
 * ```ts
 * import { stream } from "./stream.ts";
 * const first = stream(0, "replicate", 1)();
 * if (first !== stream(0, "replicate", 1)()) throw new Error("not reproducible");
 * ```
 */
export function stream(seed: string | number, ...names: readonly (string | number)[]): Uniform {
  const random = seedrandom.alea(JSON.stringify([seed, ...names]));
  return () => random();
}
