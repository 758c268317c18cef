import { LIVE_CODE_BENCH } from "../lib/responses/sources/live_code_bench.ts";
import { publicResultsTask } from "./_public_results_task.ts";

export default publicResultsTask({
  name: "LiveCodeBench",
  benchmark: LIVE_CODE_BENCH,
  section: "livecodebench",
  folder: "src/mocks",
  files: ["performances_generation.json"],
  own: /(^|\/)performances_generation\.json$/,
  what: "performances_generation.json",
  size: "3.1 MB",
  licence: "CC BY-SA, as its site says",
  reads: "ids, difficulties and the share of runs that passed",
});
