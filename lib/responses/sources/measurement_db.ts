import { Observations } from "../observations.ts";
import { bundleReader } from "../read_bundle.ts";
import { readParquet } from "../read_parquet.ts";

/** Reads the response tables of measurement-db, one a benchmark. */
export const readMeasurementDb = bundleReader(async (bundle, { benchmarks, rule }) => {
  const into = new Observations(benchmarks, rule);
  for (const { file: { name, benchmark }, read } of bundle.files) {
    await readParquet(await read(), name, { into, benchmark });
  }
  return { observations: into, unread: 0 };
});
