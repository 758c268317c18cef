import { z } from "zod";
import { lineageOf, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { filterItems, requireItems } from "../lib/responses/filter_items.ts";
import { responsesFromArrays, responsesToArrays } from "../lib/responses/responses.ts";
import { selectItems } from "../lib/responses/select_items.ts";
import { sampleWithoutReplacement } from "../lib/stats/random/sample.ts";
import { stream } from "../lib/stats/random/stream.ts";
import { defineTask } from "../lib/runner/task.ts";
import { withRemedies } from "./_remedies.ts";

export default defineTask({
  description: "Drops items that too few subjects answered, or answered the rarer way",
  params: z.object({
    min_subjects: z.int().nonnegative(),
    min_minority: z.number().nonnegative(),
    subsample: z.int().positive().nullable(),
  }),
  inputs: { responses: { kind: "npz" } },
  outputs: { items: { kind: "npz" } },
  seeded: true,
  async run({ params, seed, inputs, outputs, provenance, log }): Promise<void> {
    const source = await readArtifact(inputs.responses);
    const filter = { minSubjects: params.min_subjects, minMinority: params.min_minority };
    const { responses: filtered, droppedFewSubjects, droppedMinority } = await withRemedies(() =>
      filterItems(responsesFromArrays(source.arrays), filter)
    );
    const all = filtered.itemIds.length;
    const n = Math.min(params.subsample ?? all, all);
    const chosen = sampleWithoutReplacement(all, n, stream(seed, "subsample"));
    const responses = await withRemedies(() => {
      const selected = n === all ? filtered : selectItems(filtered, chosen);
      requireItems(selected);
      return selected;
    });
    const facts = {
      n_items: responses.itemIds.length,
      n_subjects: responses.subjectIds.length,
      n_dropped_few_subjects: droppedFewSubjects,
      n_dropped_minority: droppedMinority,
      ...(n < all && { n_items_before_subsample: all, seed }),
    };
    log(
      `${all} items kept; dropped ${droppedFewSubjects} answered by fewer than ` +
        `${params.min_subjects} subjects, and ${droppedMinority} whose rarer response fewer than ` +
        `${params.min_minority} gave` +
        (n < all ? `; ${n} of ${all} taken at random` : ""),
    );
    const lineage = lineageOf({ params, provenance }, { responses: source }, facts);
    await writeArtifact(outputs.items, responsesToArrays(responses), lineage);
  },
});
