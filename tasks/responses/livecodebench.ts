import { readPerformances } from "../../lib/responses/sources/live_code_bench.ts";
import { sourceTask } from "../_source_task.ts";

export default sourceTask({
  description: "Reads the performances of LiveCodeBench's models",
  path: "optional",
  read: readPerformances,
});
