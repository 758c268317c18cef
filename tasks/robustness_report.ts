import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { findFact, lineageOf } from "../lib/artifact/lineage.ts";
import { columnsOf, encodeCsv } from "../lib/figure/kit/csv.ts";
import { judge } from "../lib/robustness/conclusions.ts";
import { CONTROLS } from "../lib/robustness/control_outcomes.ts";
import { type Interval, intervals } from "../lib/robustness/intervals.ts";
import { outcomesOf } from "../lib/robustness/outcome_table.ts";
import { MEANINGS, robustnessReport } from "../lib/robustness/report.ts";
import { SAMPLES } from "../lib/robustness/sample_outcomes.ts";
import { defineTask } from "../lib/runner/task.ts";

const READ = [
  "multiverse",
  "controls",
  "subjects",
  "half_subjects",
  "half_items",
  "pools",
] as const;
const TITLE = "How sure the results are";

/** Makes the report in Markdown, and the intervals of the headline numbers as CSV. */
export default defineTask({
  description:
    "Says of each headline number how sure it is, and of each conclusion whether it stands",
  params: z.object({}),
  inputs: Object.fromEntries(READ.map((name) => [name, { kind: "npz" }])) as Record<
    typeof READ[number],
    { readonly kind: "npz" }
  >,
  outputs: { report: { kind: "md" }, csv: { kind: "csv" } },
  async run(context): Promise<void> {
    const artifacts = await Promise.all(
      READ.map(async (name) =>
        [name, await readArtifact(kinds.outcomes, context.inputs[name])] as const
      ),
    );
    const lineage = lineageOf(context, Object.fromEntries(artifacts));
    const [multiverse, controls, ...samples] = artifacts.map(([, { arrays }]) =>
      outcomesOf(arrays)
    );
    const base = multiverse!.find(({ name }) => name === "base")?.numbers;
    const variants = multiverse!.filter(({ name }) => name !== "base");
    const names = READ.slice(2) as (keyof typeof SAMPLES)[];
    const found = intervals({
      "other choices": variants,
      ...Object.fromEntries(names.map((name, n) => [SAMPLES[name], samples[n]!])),
      ...Object.fromEntries(
        Object.values(CONTROLS).map((
          name,
        ) => [`control: ${name}`, controls!.filter(({ group }) => group === name)]),
      ),
    });
    const isSimulated = findFact(lineage, "simulated") === true;
    const others = [...variants, ...samples.flat()];
    const report = robustnessReport({
      base,
      isSimulated,
      intervals: found,
      judged: judge(base, controls!, others),
      outcomes: [...multiverse!, ...controls!, ...samples.flat()],
    });
    await Deno.writeTextFile(context.outputs.report, report);
    const columns = columnsOf<Interval>(found, {
      headline: ["which number", ({ headline }) => headline],
      meaning: ["what it is", ({ headline }) => MEANINGS[headline]],
      value: ["on the workflow's choices", ({ headline }) => base?.[headline] ?? ""],
      source: ["what it varies with", ({ source }) => source],
      p10: ["10th percentile over the outcomes of the source", ({ low }) => low],
      p90: ["90th percentile", ({ high }) => high],
      standard_error: [
        "of the jackknife, where one subject is left out; else empty",
        ({ standardError }) => Number.isNaN(standardError) ? "" : standardError,
      ],
      n: ["outcomes", ({ n }) => n],
      n_without_numbers: ["of these without numbers", ({ without }) => without],
    });
    const note = isSimulated ? ["Drawn from simulated responses."] : [];
    const provenance = JSON.stringify({ ...context.provenance, lineage });
    const csv = encodeCsv([TITLE, ...note, `provenance: ${provenance}`], columns);
    await Deno.writeTextFile(context.outputs.csv, csv);
  },
});
