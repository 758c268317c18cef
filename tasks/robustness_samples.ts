import { z } from "zod";
import { sampleOutcomes, SAMPLES } from "../lib/robustness/sample_outcomes.ts";
import { robustnessTask } from "./_robustness_task.ts";

export default robustnessTask({
  description: "The same with other subjects, items, pools or random numbers",
  params: {
    of: z.enum(Object.keys(SAMPLES) as (keyof typeof SAMPLES)[]),
    n: z.int().min(2), // samples; each subject is left out once
    n_replicates: z.int().min(2), // of each Monte Carlo sample
  },
  outcomes: (table, { base, grids, params: { of, n, n_replicates }, report }) =>
    sampleOutcomes(table, base, grids, { of, n, replicates: n_replicates }, report),
});
