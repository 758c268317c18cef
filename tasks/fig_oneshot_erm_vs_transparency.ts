import * as kinds from "../lib/artifact/kinds.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws the utility of ERM per awareness against transparency over k",
  input: ["one_shot", kinds.oneShot],
  params: {},
  draw: async (artifact, _params, page) => {
    const { ermFigure } = await import("../lib/figure/erm_figure.ts");
    return ermFigure(artifact, page);
  },
});
