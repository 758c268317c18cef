import { figureTask } from "../lib/figure/figure_task.ts";
import { repeatedSeries } from "../lib/figure/repeated_series.ts";
import { validationFigure } from "../lib/figure/validation_figure.ts";
import { numbers } from "../lib/artifact/npz.ts";

export default figureTask({
  description: "Draws strategic misalignment against the two terms of its bound",
  input: "repeated",
  params: {},
  draw: (repeated, { width }) => {
    const initial = numbers(repeated.arrays, "initial", Float64Array).data;
    return validationFigure(repeatedSeries(repeated), initial, width);
  },
});
