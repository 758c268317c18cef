import { deltaVsKFigure } from "../lib/figure/delta_vs_k_figure.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { repeatedSeries } from "../lib/figure/repeated_series.ts";

export default figureTask({
  description: "Draws strategic misalignment over the rounds, for several k",
  input: "repeated",
  params: {},
  draw: (repeated, { width }) => deltaVsKFigure(repeatedSeries(repeated), width),
});
