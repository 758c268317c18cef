import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws a noise-gated holdout beside correction and transparency",
  input: ["mechanisms", kinds.mechanisms],
  params: {},
  draw: async (artifact, _params, page) => {
    const { holdoutFigure } = await import("../lib/figure/holdout_figure.ts");
    return holdoutFigure(artifact, page);
  },
});
