import { MMLU_PRO } from "../lib/responses/mmlu_pro.ts";
import MMLU_PRO_FILES from "../lib/responses/mmlu_pro_files.json" with { type: "json" };
import { publicResultsTask } from "./_public_results_task.ts";

export default publicResultsTask({
  name: "MMLU-Pro",
  benchmark: MMLU_PRO,
  section: "mmlu_pro",
  folder: "eval_results",
  files: MMLU_PRO_FILES,
  own: /\.zip$/i,
  what: "the zips",
  size: "about 200 MB",
  licence: "Apache-2.0",
  reads: "ids, categories and letters",
});
