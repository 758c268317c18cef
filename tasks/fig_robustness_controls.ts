import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws misalignment and utilities on the controls",
  input: ["controls", kinds.outcomes],
  params: {},
  draw: async (artifact, _params, page) => {
    const { controlsFigure } = await import("../lib/figure/controls_figure.ts");
    return controlsFigure(artifact, page);
  },
});
