import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the utility of ERM minus that of transparency, by awareness and bias",
  input: ["one_shot", kinds.oneShot],
  params: {},
  draw: async (artifact, _params, page) => {
    const { asymmetryFigure } = await import("../lib/figure/asymmetry_figure.ts");
    return asymmetryFigure(artifact, page);
  },
});
