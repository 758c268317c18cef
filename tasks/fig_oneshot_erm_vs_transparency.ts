import { ermFigure } from "../lib/figure/erm_figure.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "../lib/figure/figure_task.ts";

export default figureTask({
  description: "Draws the utility of ERM per awareness against transparency over k",
  input: ["one_shot", kinds.oneShot],
  params: {},
  draw: (oneShot, { width }) => ermFigure(oneShot, width),
});
