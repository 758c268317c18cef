import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { filterItems } from "../lib/responses/filter_items.ts";
import { responsesFromArrays, responsesToArrays } from "../lib/responses/responses.ts";
import { defineTask } from "../lib/workflow/task.ts";

export default defineTask({
  description: "Drops items that too few subjects answered, or answered the rarer way",
  params: z.object({
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
  }),
  inputs: { responses: { kind: "npz" } },
  outputs: { items: { kind: "npz" } },
  async run({ params, inputs, outputs, provenance, log }): Promise<void> {
    const source = await readArtifact(inputs.responses);
    const { responses, droppedFewSubjects, droppedMinority } = filterItems(
      responsesFromArrays(source.arrays),
      { minSubjects: params.min_subjects, minMinority: params.min_minority },
    );
    const facts = {
      n_items: responses.itemIds.length,
      n_subjects: responses.subjectIds.length,
      n_dropped_few_subjects: droppedFewSubjects,
      n_dropped_minority: droppedMinority,
    };
    log(
      `${facts.n_items} items kept; dropped ${droppedFewSubjects} answered by fewer than ` +
        `${params.min_subjects} subjects, and ${droppedMinority} whose rarer response fewer than ` +
        `${params.min_minority} gave`,
    );
    const lineage = lineageOf({ params, provenance }, { responses: source }, facts);
    await writeArtifact(outputs.items, responsesToArrays(responses), lineage);
  },
});
