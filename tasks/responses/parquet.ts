import { tableReader } from "../../lib/responses/read_tables.ts";
import { sourceTask } from "../_source_task.ts";

export default sourceTask({
  description: "Reads the response table from parquet",
  path: "required",
  read: tableReader("parquet"),
});
