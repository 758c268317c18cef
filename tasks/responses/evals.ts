import { evalsReader } from "../../lib/responses/sources/read_evals.ts";
import { sourceTask } from "../_source_task.ts";

export default sourceTask({
  description: "Reads the response table from logs of evaluations",
  path: "required",
  read: evalsReader,
});
