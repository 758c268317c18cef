import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { FACTOR_MODEL_NAMES } from "../lib/estimation/factor_models.ts";
import { type Responses, responsesOf } from "../lib/responses/responses.ts";
import type { ClaimGrids } from "../lib/robustness/limit_claims.ts";
import { type GroupedOutcome, outcomeTable } from "../lib/robustness/outcome_table.ts";
import { BASE, type Choices, type Variant } from "../lib/robustness/variant.ts";
import type { Task } from "../lib/runner/task.ts";
import { taskSeed } from "../lib/runner/task_seed.ts";
import { artifactTask } from "./_artifact_task.ts";

/** The choices that can be varied around, as the workflow makes them. */
const VARIED = {
  min_subjects: z.int().nonnegative(),
  min_minority: z.number().nonnegative(),
  subsample: z.int().positive().nullable(),
  n_factors: z.union([z.literal("auto"), z.int().positive()]),
  factor_model: z.enum(FACTOR_MODEL_NAMES),
  n_replications: z.int().positive(),
  percentile: z.number().min(0).max(100),
  psi_floor: z.number().gt(0).lt(1),
  max_epochs: z.int().positive(),
  tolerance: z.number().positive(),
  rotation: z.enum(["quartimin", "varimax"]),
  n_starts: z.int().positive(),
  kaiser: z.boolean(),
  tau: z.number().min(0).lt(1),
  n_pool: z.int().positive().nullable(),
  bias_bandwidth: z.number().positive(),
  correction: z.enum(["gap_gaussian", "uniform"]),
  correction_bandwidth: z.number().nonnegative(),
  n_rounds: z.int().positive(),
  forgetting: z.number().min(0).max(1).nullable(),
  prior_mass: z.number().positive().nullable(),
  gamma: z.number().nonnegative(),
};
export const choicesSchema = z.strictObject({
  ...VARIED,
  seed: z.union([z.number(), z.string()]),
  anderson_depth: z.int().nonnegative(),
  n_draws: z.int().min(2),
});
type Given = z.output<typeof choicesSchema>;

/** Other values of choices, each tried by itself. */
export const variations = z.strictObject(
  Object.fromEntries(Object.entries(VARIED).map(([name, of]) => [name, z.array(of).min(1)])),
).partial();

const ks = z.array(z.int().positive()).min(1);
const rhos = z.array(z.number().min(0).max(1)).min(1);
const range = z.object({
  min: z.number().positive().max(1),
  max: z.number().positive().max(1),
  n: z.int().min(2),
});
/** Where claims are judged: params of the targets whose figures they are about. */
const claims = {
  delta: z.object({ ks, rhos }),
  validation: z.object({ ks, rhos }),
  map: z.object({ rhos: range, n_ks: z.int().min(2) }),
  one_shot: z.object({
    n_ks: z.int().min(2),
    awareness: z.array(z.number().positive().max(1)).min(1),
  }),
  holdout: z.object({
    k: z.int().positive(),
    rho: z.number().positive().max(1),
    n_0: z.int().positive().nullable(),
    epsilon: z.number().positive(),
    eta: z.number().nonnegative(),
  }),
};
const claimsSchema = z.object(claims);

/** What every task of the family is given. */
const shared = { choices: choicesSchema, ...claims };

/** Reports how many outcomes are made. */
type Report = (done: number, of: number, name: string) => void;

/** What the function that makes outcomes is given. */
interface Setting<Params> {
  readonly base: Choices;
  readonly grids: ClaimGrids;
  readonly params: Params;
  /** The base, and a variant for each other value of a choice. */
  readonly variantsOf: (other: z.output<typeof variations>) => Variant[];
  readonly report: Report;
}

/**
 * Declares a task that makes headline numbers and claims from a response table.
 *
 * @param task Its own parameters, and the function that makes them.
 */
export function robustnessTask<Shape extends z.ZodRawShape>(task: {
  readonly description: string;
  readonly params: Shape;
  readonly outcomes: (
    table: Responses,
    setting: Setting<z.output<z.ZodObject<Shape>>>,
  ) => Promise<GroupedOutcome[]>;
}): Task<z.ZodObject<Shape & typeof shared>, "responses", "outcomes"> {
  return artifactTask({
    description: task.description,
    params: z.object({ ...shared, ...task.params }) as unknown as z.ZodObject<
      Shape & typeof shared
    >,
    inputs: { responses: kinds.responses },
    output: ["outcomes", kinds.outcomes],
    native: true,
    make: async ({ params: given, inputs, progress, warn }) => {
      const params = given as unknown as
        & z.output<z.ZodObject<Shape>>
        & z.output<z.ZodObject<typeof shared>>;
      const outcomes = await task.outcomes(responsesOf(inputs.responses.arrays), {
        base: choicesOf(params.choices),
        grids: gridsOf(params),
        params,
        variantsOf: (other) => variantsOf(params.choices, other),
        report: (done, of, name) => progress(done / of, `${done} of ${of}: ${name}`),
      });
      const made = outcomeTable(outcomes);
      const without = made.facts.n_without_numbers;
      if (without > 0) {
        warn(`${without} of ${outcomes.length} have no numbers; the report says why`);
      }
      return made;
    },
  });
}

function variantsOf(given: Given, other: z.output<typeof variations>): Variant[] {
  return [
    { name: BASE, group: BASE, choices: choicesOf(given) },
    ...Object.keys(VARIED).flatMap((group) =>
      (other[group] ?? [])
        .filter((value) => value !== given[group as keyof Given])
        .map((value) => ({
          ...{ group, name: `${group} = ${value ?? "all"}` },
          choices: choicesOf({ ...given, [group]: value }),
        }))
    ),
  ];
}

/** The seeds are those of the workflow's own tasks, so that the base is what its figures show. */
export function choicesOf(given: Given): Choices {
  const seedOf = (task: string): string => taskSeed(String(given.seed), `tasks/${task}.ts`);
  return {
    minSubjects: given.min_subjects,
    minMinority: given.min_minority,
    subsample: given.subsample,
    nFactors: given.n_factors,
    factorModel: given.factor_model,
    nReplications: given.n_replications,
    percentile: given.percentile,
    psiFloor: given.psi_floor,
    maxEpochs: given.max_epochs,
    tolerance: given.tolerance,
    andersonDepth: given.anderson_depth,
    rotation: given.rotation,
    nStarts: given.n_starts,
    kaiser: given.kaiser,
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
    // Targets of this family run side by side.
    threads: 1,
    seeds: {
      parallelAnalysis: seedOf("parallel_analysis"),
      subsample: seedOf("fiml"),
      rotation: seedOf("rotation"),
      pool: seedOf("semisynthetic_pool"),
      oneShot: seedOf("one_shot"),
      tables: String(given.seed),
    },
  };
}

function gridsOf(
  { delta, validation, map, one_shot, holdout }: z.output<typeof claimsSchema>,
): ClaimGrids {
  const { k, rho, n_0, epsilon, eta } = holdout;
  return {
    ...{ delta, validation },
    map: { rhos: map.rhos, nKs: map.n_ks },
    oneShot: { nKs: one_shot.n_ks, awareness: one_shot.awareness },
    holdout: { k, rho, gate: n_0 === null ? undefined : { n0: n_0, epsilon, eta } },
  };
}
