import { readMmluProZips } from "../../lib/responses/read_mmlu_pro.ts";
import { sourceTask } from "../_source_task.ts";

export default sourceTask({
  description: "Reads the zips of MMLU-Pro's per-question results",
  path: "optional",
  read: readMmluProZips,
});
