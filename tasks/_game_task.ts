import { z } from "zod";
import type { Kind } from "../lib/artifact/kind.ts";
import { pool as poolKind } from "../lib/artifact/kinds.ts";
import type { Game } from "../lib/game/game.ts";
import { initialDistribution } from "../lib/game/initial_distribution.ts";
import { makePool } from "../lib/game/pool.ts";
import { nativeProduct } from "../lib/onnx/native_matrix.ts";
import { readPool } from "../lib/pool/read_pool.ts";
import type { Task, TaskContext } from "../lib/runner/task.ts";
import { artifactTask, type Made } from "./_artifact_task.ts";

/** Parameters of the repeated game (model section 6.2). */
const gameParams = {
  bias_bandwidth: z.number().positive(),
  correction: z.enum(["gap_gaussian", "uniform"]),
  correction_bandwidth: z.number().nonnegative(),
  n_rounds: z.int().positive(),
  forgetting: z.number().min(0).max(1).nullable(), // null: the correction rate
};
type GameParams = z.output<z.ZodObject<typeof gameParams>>;

/**
 * Declares a task that plays the repeated game on a pool, `game` being prepared.
 *
 * @param task Its own parameters, its output, and the function that plays.
 */
export function gameTask<Shape extends z.ZodRawShape, Output extends string, K extends Kind>(task: {
  readonly description: string;
  readonly params: Shape;
  readonly output: readonly [name: Output, kind: K];
  readonly play: (
    game: Game,
    params: z.output<z.ZodObject<Shape>> & GameParams,
    context: Pick<TaskContext<never, never, never>, "seed" | "progress" | "log">,
  ) => Promise<Made<K>>;
}): Task<z.ZodObject<Shape & typeof gameParams>, "pool", Output> {
  type Schema = z.ZodObject<Shape & typeof gameParams>;
  return artifactTask({
    description: task.description,
    params: z.object({ ...gameParams, ...task.params }) as unknown as Schema,
    inputs: { pool: poolKind },
    output: task.output,
    seeded: true,
    native: true,
    async make({ inputs, params: given, ...context }): Promise<Made<K>> {
      const params = given as unknown as z.output<z.ZodObject<Shape>> & GameParams;
      const pool = makePool(readPool(inputs.pool.arrays.z, inputs.pool.file.name));
      await using native = await nativeProduct();
      const game: Game = {
        pool,
        initial: initialDistribution(pool.z, params.bias_bandwidth),
        correction: params.correction === "uniform"
          ? { kind: "uniform" }
          : { kind: "gap_gaussian", bandwidth: params.correction_bandwidth },
        rounds: params.n_rounds,
        forgetting: params.forgetting,
        multiply: native.multiply,
      };
      return await task.play(game, params, context);
    },
  });
}

/** The facts of every game: what it was played on, and with which seed. */
export function gameFacts(
  { pool: { z } }: Pick<Game, "pool">,
  seed: string,
): { readonly n_pool: number; readonly n_skills: number; readonly seed: string } {
  return { n_pool: z.rows, n_skills: z.cols, seed };
}
