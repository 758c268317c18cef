import { ermFigure } from "../lib/figure/erm_figure.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { oneShotResults } from "../lib/figure/one_shot_results.ts";

export default figureTask({
  description: "Draws the utility of ERM per awareness against transparency over k",
  input: "one_shot",
  params: {},
  draw: (oneShot, { width }) => ermFigure(oneShotResults(oneShot), width),
});
