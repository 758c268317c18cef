import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the specification curve of peak misalignment",
  input: ["multiverse", kinds.outcomes],
  params: {},
  draw: async (artifact, _params, page) => {
    const { multiverseFigure } = await import("../lib/figure/multiverse_figure.ts");
    return multiverseFigure(artifact, page);
  },
});
