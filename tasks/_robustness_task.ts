import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { FACTOR_MODEL_NAMES } from "../lib/estimation/factor_models.ts";
import { type Responses, responsesOf } from "../lib/responses/responses.ts";
import type { GroupedOutcome } from "../lib/robustness/outcome_table.ts";
import { outcomeTable } from "../lib/robustness/outcome_table.ts";
import { type Choices, FIXED } from "../lib/robustness/variant.ts";
import type { Task } from "../lib/runner/task.ts";
import { artifactTask } from "./_artifact_task.ts";

/** The choices that are varied around, as the workflow makes them. */
const choices = z.strictObject({
  seed: z.union([z.number(), z.string()]),
  min_subjects: z.int().nonnegative(),
  min_minority: z.number().nonnegative(),
  n_factors: z.union([z.literal("auto"), z.int().positive()]),
  factor_model: z.enum(FACTOR_MODEL_NAMES),
  n_replications: z.int().positive(),
  percentile: z.number().min(0).max(100),
  psi_floor: z.number().gt(0).lt(1),
  max_epochs: z.int().positive(),
  tolerance: z.number().positive(),
  anderson_depth: z.int().nonnegative(),
  rotation: z.enum(["quartimin", "varimax"]),
  tau: z.number().min(0).lt(1),
  n_pool: z.int().positive(),
  bias_bandwidth: z.number().positive(),
  correction: z.enum(["gap_gaussian", "uniform"]),
  correction_bandwidth: z.number().nonnegative(),
  n_rounds: z.int().positive(),
  forgetting: z.number().min(0).max(1).nullable(),
  prior_mass: z.number().positive().nullable(),
  gamma: z.number().nonnegative(),
  n_draws: z.int().positive(),
});

/** Reports how many outcomes are made. */
type Report = (done: number, of: number, name: string) => void;

/**
 * Declares a task that makes headline numbers from a response table.
 *
 * @param task Its own parameters, and the function that makes them.
 */
export function robustnessTask<Shape extends z.ZodRawShape>(task: {
  readonly description: string;
  readonly params: Shape;
  readonly outcomes: (
    table: Responses,
    base: Choices,
    params: z.output<z.ZodObject<Shape>>,
    report: Report,
  ) => Promise<GroupedOutcome[]>;
}): Task<z.ZodObject<Shape & { choices: typeof choices }>, "responses", "outcomes"> {
  type Schema = z.ZodObject<Shape & { choices: typeof choices }>;
  return artifactTask({
    description: task.description,
    params: z.object({ choices, ...task.params }) as unknown as Schema,
    inputs: { responses: kinds.responses },
    output: ["outcomes", kinds.outcomes],
    native: true,
    make: async ({ params: given, inputs, progress, warn }) => {
      const params = given as unknown as z.output<z.ZodObject<Shape>> & {
        readonly choices: z.output<typeof choices>;
      };
      const report: Report = (done, of, name) => progress(done / of, `${done} of ${of}: ${name}`);
      const table = responsesOf(inputs.responses.arrays);
      const outcomes = await task.outcomes(table, choicesOf(params.choices), params, report);
      const made = outcomeTable(outcomes);
      const without = made.facts.n_without_numbers;
      if (without > 0) {
        warn(`${without} of ${outcomes.length} have no numbers; the report says why`);
      }
      return made;
    },
  });
}

function choicesOf(given: z.output<typeof choices>): Choices {
  return {
    ...FIXED,
    seed: String(given.seed),
    poolSeed: String(given.seed),
    minSubjects: given.min_subjects,
    minMinority: given.min_minority,
    nFactors: given.n_factors,
    factorModel: given.factor_model,
    nReplications: given.n_replications,
    percentile: given.percentile,
    psiFloor: given.psi_floor,
    maxEpochs: given.max_epochs,
    tolerance: given.tolerance,
    andersonDepth: given.anderson_depth,
    rotation: given.rotation,
    tau: given.tau,
    nPool: given.n_pool,
    biasBandwidth: given.bias_bandwidth,
    correction: given.correction === "uniform"
      ? { kind: "uniform" }
      : { kind: "gap_gaussian", bandwidth: given.correction_bandwidth },
    rounds: given.n_rounds,
    forgetting: given.forgetting,
    priorMass: given.prior_mass,
    gamma: given.gamma,
    draws: given.n_draws,
  };
}
