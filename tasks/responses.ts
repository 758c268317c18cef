import { simulateResponses } from "../lib/responses/simulate_responses.ts";
import { sourceTask } from "./_source_task.ts";

// The seed of the draws is made of this file's path: elsewhere it would simulate another table.
export default sourceTask({
  description: "Simulates a response table that resembles MMLU-Pro's",
  path: "none",
  simulate: simulateResponses,
});
