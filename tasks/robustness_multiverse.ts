import { multiverse } from "../lib/robustness/multiverse.ts";
import { VARIANTS } from "../lib/robustness/variant.ts";
import { robustnessTask } from "./_robustness_task.ts";

export default robustnessTask({
  description: "The headline numbers with one choice changed at a time",
  params: {},
  outcomes: async (table, base, _params, report) => {
    const outcomes = await multiverse(table, base, VARIANTS, (done, name) => {
      report(done, VARIANTS.length, name);
    });
    return outcomes.map((outcome) => ({ ...outcome, group: outcome.name.split(" = ")[0]! }));
  },
});
