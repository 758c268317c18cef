import { readMeasurementDb } from "../../lib/responses/sources/measurement_db.ts";
import { sourceTask } from "../_source_task.ts";

export default sourceTask({
  description: "Reads the response tables of measurement-db",
  path: "none",
  read: readMeasurementDb,
});
