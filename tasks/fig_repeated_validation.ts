import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { validationFigure } from "../lib/figure/validation_figure.ts";

export default figureTask({
  description: "Draws strategic misalignment against the two terms of its bound",
  input: ["repeated", kinds.repeated],
  params: {},
  draw: (repeated, { width }) => validationFigure(repeated, width),
});
