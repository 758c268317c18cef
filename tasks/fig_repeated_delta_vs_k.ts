import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws strategic misalignment over the rounds, for several k",
  input: ["repeated", kinds.repeated],
  params: {},
  draw: async (artifact, _params, page) => {
    const { deltaVsKFigure } = await import("../lib/figure/delta_vs_k_figure.ts");
    return deltaVsKFigure(artifact, page);
  },
});
