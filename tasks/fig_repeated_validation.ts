import { numbers } from "../lib/artifact/npz.ts";
import { repeatedSeries } from "../lib/figure/repeated_series.ts";
import { figureTask } from "./_figure_task.ts";

export default figureTask({
  description: "Draws strategic misalignment against the two terms of its bound",
  input: "repeated",
  params: {},
  draw: async (artifact, _params, page) => {
    const { validationFigure } = await import("../lib/figure/validation_figure.ts");
    const initial = numbers(artifact.arrays, "initial", Float64Array).data;
    return validationFigure({ series: repeatedSeries(artifact), initial }, page);
  },
});
