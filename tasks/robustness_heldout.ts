import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { responsesOf } from "../lib/responses/responses.ts";
import { heldOutByD } from "../lib/robustness/held_out_by_d.ts";
import { artifactTask } from "./_artifact_task.ts";
import { choicesOf, choicesSchema } from "./_robustness_task.ts";

export default artifactTask({
  description: "How well each number of skills predicts answers that were hidden",
  params: z.object({
    choices: choicesSchema,
    share: z.number().gt(0).lt(1), // of the observed cells, hidden
    n_splits: z.int().positive(),
  }),
  inputs: { responses: kinds.responses },
  output: ["scores", kinds.heldOut],
  native: true,
  make: async ({ params: { choices, share, n_splits }, inputs, progress }) => {
    const table = responsesOf(inputs.responses.arrays);
    const options = { share, splits: n_splits };
    const arrays = await heldOutByD(table, choicesOf(choices), options, (done, of) => {
      progress(done / of, `${done} of ${of} splits`);
    });
    return {
      arrays,
      facts: { n_splits, share, n_factors: arrays.chosen_n_factors },
    };
  },
});
