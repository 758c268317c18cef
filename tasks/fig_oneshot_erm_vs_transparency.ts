import { oneShotResults } from "../lib/figure/one_shot_results.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the utility of ERM per awareness against transparency over k",
  input: "one_shot",
  params: {},
  draw: async (artifact, _params, page) => {
    const { ermFigure } = await import("../lib/figure/erm_figure.ts");
    return ermFigure(oneShotResults(artifact), page);
  },
});
