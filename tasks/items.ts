import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { filterItems, requireItems } from "../lib/responses/filter_items.ts";
import { arraysOf, responsesOf } from "../lib/responses/responses.ts";
import { artifactTask } from "./_artifact_task.ts";
import { withRemedies } from "./_remedies.ts";

export default artifactTask({
  description: "Drops items that too few subjects answered, or answered the rarer way",
  params: z.object({
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
  }),
  inputs: { responses: kinds.responses },
  output: ["items", kinds.items],
  make: async ({ params, inputs, log }) => {
    const { min_subjects, min_minority } = params;
    const { responses: kept, droppedFewSubjects, droppedMinority } = await withRemedies(() =>
      filterItems(
        responsesOf(inputs.responses.arrays),
        { minSubjects: min_subjects, minMinority: min_minority },
      )
    );
    await withRemedies(() => requireItems(kept));
    const n = kept.itemIds.length;
    log(
      `${n} items kept; dropped ${droppedFewSubjects} answered by fewer than ${min_subjects} ` +
        `subjects, and ${droppedMinority} whose rarer response fewer than ${min_minority} gave`,
    );
    return {
      arrays: arraysOf(kept),
      facts: {
        n_items: n,
        n_subjects: kept.subjectIds.length,
        n_dropped_few_subjects: droppedFewSubjects,
        n_dropped_minority: droppedMinority,
      },
    };
  },
});
