import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { chooseItems } from "../lib/responses/choose_items.ts";
import { arraysOf, responsesOf } from "../lib/responses/responses.ts";
import { artifactTask } from "./_artifact_task.ts";
import { withRemedies } from "./_remedies.ts";

export default artifactTask({
  description: "Drops items that too few subjects answered, or answered the rarer way",
  params: z.object({
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
    subsample: z.int().positive().nullable(),
  }),
  inputs: { responses: kinds.responses },
  output: ["items", kinds.items],
  seeded: true,
  make: async ({ params, seed, inputs, log }) => {
    const { min_subjects, min_minority, subsample } = params;
    const { responses: kept, before: all, droppedFewSubjects, droppedMinority } =
      await withRemedies(() =>
        chooseItems(
          responsesOf(inputs.responses.arrays),
          { minSubjects: min_subjects, minMinority: min_minority },
          subsample,
          seed,
        )
      );
    const n = kept.itemIds.length;
    log(
      `${all} items kept; dropped ${droppedFewSubjects} answered by fewer than ${min_subjects} ` +
        `subjects, and ${droppedMinority} whose rarer response fewer than ${min_minority} gave` +
        (n < all ? `; ${n} of ${all} taken at random` : ""),
    );
    return {
      arrays: arraysOf(kept),
      facts: {
        n_items: n,
        n_subjects: kept.subjectIds.length,
        n_dropped_few_subjects: droppedFewSubjects,
        n_dropped_minority: droppedMinority,
        ...(n < all && { n_items_before_subsample: all, seed }),
      },
    };
  },
});
