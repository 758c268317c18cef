import { figureTask } from "../lib/figure/figure_task.ts";
import { oneShotResults } from "../lib/figure/one_shot_results.ts";
import { transparencyFigure } from "../lib/figure/transparency_figure.ts";

export default figureTask({
  description: "Draws published score and true utility against the number of published tasks",
  input: "one_shot",
  params: {},
  draw: (oneShot, { width }) => transparencyFigure(oneShotResults(oneShot), width),
});
