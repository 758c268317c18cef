import { oneShotResults } from "../lib/figure/one_shot_results.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws published score and true utility against the number of published tasks",
  input: "one_shot",
  params: {},
  draw: async (artifact, _params, page) => {
    const { transparencyFigure } = await import("../lib/figure/transparency_figure.ts");
    return transparencyFigure(oneShotResults(artifact), page);
  },
});
