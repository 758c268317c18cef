import BFCL_FILES from "../lib/responses/sources/bfcl_files.json" with { type: "json" };
import { BFCL } from "../lib/responses/sources/bfcl.ts";
import { publicResultsTask } from "./_public_results_task.ts";

const { models, categories } = BFCL_FILES;

export default publicResultsTask({
  name: "BFCL",
  benchmark: BFCL,
  section: "bfcl",
  folder: "2024-08-11/score",
  files: models.flatMap((model) => categories.map((category) => `${model}/${category}_score.json`)),
  own: /_score\.json$/,
  what: "the files MODEL/CATEGORY_score.json",
  size: "about 50 MB",
  licence: "none is stated, so do not pass the files on",
  reads: "the numbers of the items that a model failed",
});
