import type { Uniform } from "./stream.ts";

/**
 * Standard normal numbers from uniform ones by Marsaglia's polar method (Marsaglia and Bray, 1964).
 *
 * @param uniform Source of numbers in [0, 1).
 * @returns A function that gives the next N(0, 1) number.
 */
export function normal(uniform: Uniform): () => number {
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    let u: number, v: number, s: number;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    spare = v * scale;
    return u * scale;
  };
}
