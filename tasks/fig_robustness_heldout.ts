import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws how well each number of skills predicts hidden answers",
  input: ["held_out", kinds.heldOut],
  params: {},
  draw: async (artifact, _params, page) => {
    const { heldOutFigure } = await import("../lib/figure/held_out_figure.ts");
    return heldOutFigure(artifact, page);
  },
});
