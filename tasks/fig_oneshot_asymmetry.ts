import { asymmetryFigure } from "../lib/figure/asymmetry_figure.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";

export default figureTask({
  description: "Draws the utility of ERM minus that of transparency, by awareness and bias",
  input: ["one_shot", kinds.oneShot],
  params: {},
  draw: (oneShot, { width }) => asymmetryFigure(oneShot, width),
});
