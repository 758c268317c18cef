/**
 * What the tasks that play a game share.
 *
 * @module
 */
import { z } from "zod";
import { type Artifact, type Facts, readArtifact } from "../lib/artifact/artifact.ts";
import { readPool } from "../lib/pool/read_pool.ts";
import type { InputFile } from "../lib/runner/task.ts";
import type { Correction } from "../lib/game/correction.ts";
import { initialDistribution } from "../lib/game/initial_distribution.ts";
import { makePool, type Pool } from "../lib/game/pool.ts";

/** Parameters of the repeated game that its tasks share (model section 6.2). */
export const gameParams = {
  bias_bandwidth: z.number().positive(),
  correction: z.enum(["gap_gaussian", "uniform"]),
  correction_bandwidth: z.number().nonnegative(),
  n_rounds: z.int().positive(),
  forgetting: z.number().min(0).max(1).nullable(), // null: the correction rate
};

/** Facts about a result of a game, for captions. */
export function gameFacts({ pool }: Game, seed: string): Facts {
  return { n_pool: pool.z.rows, n_skills: pool.z.cols, seed };
}

/** A pool file with the evaluator that plays on it. */
export interface Game {
  readonly file: Artifact;
  readonly pool: Pool;
  /** π_0. */
  readonly initial: Float64Array;
  readonly correction: Correction;
}

/**
 * Reads a pool and prepares the evaluator.
 *
 * @param input The pool's file.
 * @param params Those of {@linkcode gameParams}.
 */
export async function readGame(
  input: InputFile | undefined,
  params: {
    readonly bias_bandwidth: number;
    readonly correction: "gap_gaussian" | "uniform";
    readonly correction_bandwidth: number;
  },
): Promise<Game> {
  const file = await readArtifact(input);
  const pool = makePool(readPool(file.arrays, file.file.name));
  const correction = params.correction === "uniform"
    ? { kind: "uniform" } as const
    : { kind: "gap_gaussian", bandwidth: params.correction_bandwidth } as const;
  return { file, pool, initial: initialDistribution(pool.z, params.bias_bandwidth), correction };
}
