import { z } from "zod";
import * as kinds from "../lib/artifact/kinds.ts";
import { CHOICES, intervals } from "../lib/robustness/intervals.ts";
import { outcomesOf } from "../lib/robustness/outcome_table.ts";
import { type Sample, SAMPLES } from "../lib/robustness/sample_outcomes.ts";
import { BASE } from "../lib/robustness/variant.ts";
import { artifactTask } from "./_artifact_task.ts";

const NAMES = Object.keys(SAMPLES) as Sample[];

export default artifactTask({
  description: "How the headline numbers vary, and with what",
  params: z.object({}),
  inputs: {
    multiverse: kinds.outcomes,
    ...Object.fromEntries(NAMES.map((name) => [name, kinds.outcomes])) as Record<
      Sample,
      typeof kinds.outcomes
    >,
  },
  output: ["intervals", kinds.intervals],
  make: ({ inputs }) => {
    const multiverse = outcomesOf(inputs.multiverse.arrays);
    const base = multiverse.find(({ name }) => name === BASE)?.numbers;
    const found = intervals({
      ...Object.fromEntries(
        NAMES.toReversed().map((name) => [SAMPLES[name], outcomesOf(inputs[name].arrays)]),
      ),
      [CHOICES]: multiverse.filter(({ name }) => name !== BASE),
    });
    return {
      arrays: {
        headline: found.map(({ headline }) => headline),
        source: found.map(({ source }) => source),
        value: Float64Array.from(found, ({ headline }) => base?.[headline] ?? NaN),
        low: Float64Array.from(found, ({ low }) => low),
        high: Float64Array.from(found, ({ high }) => high),
        n: Int32Array.from(found, ({ n }) => n),
        without: Int32Array.from(found, ({ without }) => without),
      },
      facts: { n_outcomes: found.reduce((sum, { n }) => sum + n, 0) },
    };
  },
});
