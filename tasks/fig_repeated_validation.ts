import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws strategic misalignment against the two terms of its bound",
  input: ["repeated", kinds.repeated],
  params: {},
  draw: async (artifact, _params, page) => {
    const { validationFigure } = await import("../lib/figure/validation_figure.ts");
    return validationFigure(artifact, page);
  },
});
