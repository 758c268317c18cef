import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";
import { transparencyFigure } from "../lib/figure/transparency_figure.ts";

export default figureTask({
  description: "Draws published score and true utility against the number of published tasks",
  input: ["one_shot", kinds.oneShot],
  params: {},
  draw: (oneShot, { width }) => transparencyFigure(oneShot, width),
});
