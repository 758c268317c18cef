import { eachLineMap } from "./each_line_map.ts";
import type { EvalFile, EvalRun } from "./eval_run.ts";
import { JsonError, type Keep } from "./pruned_json.ts";

const LINE: Keep = { subject_id: "scalar", responses: { "*": "scalar" } };

/** A table in the form of py-irt: a line for each subject, with a map from items to responses. */
export function pyIrtRun(file: EvalFile): EvalRun {
  return {
    format: "py-irt",
    file,
    subject: undefined,
    task: undefined,
    condition: "",
    date: "",
    read: async (into, _choice, onRead) => {
      await eachLineMap(file.path, LINE, into, onRead, ({ subject_id, responses }, number) => {
        if (typeof responses !== "object" || responses === null || Array.isArray(responses)) {
          throw new JsonError("it has no map of responses");
        }
        for (const [item, score] of Object.entries(responses)) {
          into.add({ subject: subject_id, benchmark: "", item, score }, number);
        }
      });
      into.flush();
    },
  };
}
