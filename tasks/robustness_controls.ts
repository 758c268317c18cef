import { z } from "zod";
import { controlOutcomes } from "../lib/robustness/control_outcomes.ts";
import { robustnessTask } from "./_robustness_task.ts";

export default robustnessTask({
  description: "The same where there is one skill, none, or an evaluator without bias",
  params: { n_pools: z.int().min(2) },
  outcomes: (table, { base, grids, params, report }) =>
    controlOutcomes(table, base, grids, params.n_pools, report),
});
