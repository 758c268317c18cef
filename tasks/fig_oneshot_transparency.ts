import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws published score and true utility against the number of published tasks",
  input: ["one_shot", kinds.oneShot],
  params: {},
  draw: async (artifact, _params, page) => {
    const { transparencyFigure } = await import("../lib/figure/transparency_figure.ts");
    return transparencyFigure(artifact, page);
  },
});
