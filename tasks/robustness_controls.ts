import { z } from "zod";
import { controlOutcomes } from "../lib/robustness/control_outcomes.ts";
import { robustnessTask } from "./_robustness_task.ts";

export default robustnessTask({
  description: "The headline numbers where there is one skill, none, or an evaluator without bias",
  params: { n_pools: z.int().min(2) },
  outcomes: (table, base, { n_pools }, report) => controlOutcomes(table, base, n_pools, report),
});
