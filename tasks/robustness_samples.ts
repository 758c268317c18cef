import { z } from "zod";
import { sampleOutcomes } from "../lib/robustness/sample_outcomes.ts";
import { robustnessTask } from "./_robustness_task.ts";

export default robustnessTask({
  description: "The headline numbers with other subjects, items or pools",
  params: {
    of: z.enum(["subjects", "half_subjects", "half_items", "pools"]),
    n: z.int().min(2), // samples; each subject is left out once
  },
  outcomes: (table, base, { of, n }, report) => sampleOutcomes(table, base, of, n, report),
});
