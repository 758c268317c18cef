import { asymmetryFigure } from "../lib/figure/asymmetry_figure.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { oneShotResults } from "../lib/figure/one_shot_results.ts";

export default figureTask({
  description: "Draws the utility of ERM minus that of transparency, by awareness and bias",
  input: "one_shot",
  params: {},
  draw: (oneShot, { width }) => asymmetryFigure(oneShotResults(oneShot), width),
});
