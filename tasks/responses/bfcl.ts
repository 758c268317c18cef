import { readBfcl } from "../../lib/responses/sources/bfcl.ts";
import { sourceTask } from "../_source_task.ts";

export default sourceTask({
  description: "Reads the scores of the Berkeley function-calling leaderboard",
  path: "optional",
  read: readBfcl,
});
