import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws with what each headline number varies",
  input: ["intervals", kinds.intervals],
  params: {},
  draw: async (artifact, _params, page) => {
    const { uncertaintyFigure } = await import("../lib/figure/uncertainty_figure.ts");
    return uncertaintyFigure(artifact, page);
  },
});
