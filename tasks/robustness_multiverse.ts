import { multiverse } from "../lib/robustness/multiverse.ts";
import { robustnessTask, variations } from "./_robustness_task.ts";

export default robustnessTask({
  description: "The headline numbers and claims with one choice changed at a time",
  params: { other: variations },
  outcomes: async (table, { params: { other }, variantsOf, grids, report }) => {
    const variants = variantsOf(other);
    return await multiverse(table, variants, grids, (done, name) => {
      report(done, variants.length, name);
    });
  },
});
