import { deltaVsKFigure } from "../lib/figure/delta_vs_k_figure.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";

export default figureTask({
  description: "Draws strategic misalignment over the rounds, for several k",
  input: ["repeated", kinds.repeated],
  params: {},
  draw: (repeated, { width }) => deltaVsKFigure(repeated, width),
});
