import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { findFact, lineageOf } from "../lib/artifact/lineage.ts";
import { columnsOf, encodeCsv } from "../lib/figure/kit/csv.ts";
import { judge, judgeClaims, judgeHeldOut } from "../lib/robustness/conclusions.ts";
import { CONTROLS } from "../lib/robustness/control_outcomes.ts";
import { CHOICES, type Interval, intervals } from "../lib/robustness/intervals.ts";
import { outcomesOf } from "../lib/robustness/outcome_table.ts";
import { MEANINGS, robustnessReport } from "../lib/robustness/report.ts";
import { type Sample, SAMPLES } from "../lib/robustness/sample_outcomes.ts";
import { BASE } from "../lib/robustness/variant.ts";
import { breakers, type VerdictLine } from "../lib/robustness/verdict.ts";
import { defineTask } from "../lib/runner/task.ts";

const SAMPLE_NAMES = Object.keys(SAMPLES) as Sample[];
const READ = ["multiverse", "controls", ...SAMPLE_NAMES] as const;
const TITLE = "How sure the results are";

/** Makes the report in Markdown, and the intervals of the headline numbers and the verdicts as CSV. */
export default defineTask({
  description:
    "Says of each headline number how sure it is, and of each conclusion whether it stands",
  params: z.object({
    visible: z.number().nonnegative(),
    clearly_more: z.number().positive(),
    known_ratio: z.number().min(1),
    robust_share: z.number().min(0).max(1),
  }),
  inputs: Object.fromEntries(
    [...READ, "held_out"].map((name) => [name, { kind: "npz" }]),
  ) as Record<
    typeof READ[number] | "held_out",
    { readonly kind: "npz" }
  >,
  outputs: {
    report: { kind: "md" },
    csv: { kind: "csv" },
    verdicts: { kind: "csv" },
    json: { kind: "json" },
  },
  async run(context): Promise<void> {
    const artifacts = await Promise.all(
      READ.map(async (name) =>
        [name, await readArtifact(kinds.outcomes, context.inputs[name])] as const
      ),
    );
    const heldOut = await readArtifact(kinds.heldOut, context.inputs.held_out);
    const lineage = lineageOf(context, { ...Object.fromEntries(artifacts), held_out: heldOut });
    const [multiverse, controls, ...samples] = artifacts.map(([, { arrays }]) =>
      outcomesOf(arrays)
    );
    const base = multiverse!.find(({ name }) => name === BASE);
    const sources = {
      [CHOICES]: multiverse!.filter(({ name }) => name !== BASE),
      ...Object.fromEntries(SAMPLE_NAMES.map((name, n) => [SAMPLES[name], samples[n]!])),
    };
    const byControl = Object.values(CONTROLS).map((name) =>
      [name, controls!.filter(({ group }) => group === name)] as const
    );
    const { visible, clearly_more, known_ratio, robust_share: robustShare } = context.params;
    const thresholds = {
      ...{ visible, robustShare },
      ...{ clearlyMore: clearly_more, knownRatio: known_ratio },
    };
    const conclusions = [
      ...judge(base, controls!, sources, thresholds),
      judgeHeldOut(heldOut.arrays, thresholds),
    ];
    const claims = judgeClaims(base, controls!, sources, thresholds);
    const found = intervals(sources);
    const ofControls = intervals(Object.fromEntries(byControl));
    const isSimulated = findFact(lineage, "simulated") === true;
    const report = robustnessReport({
      ...{ base: base?.numbers, isSimulated, conclusions, claims, robustShare },
      ...{ intervals: found, controls: ofControls, heldOut: heldOut.arrays },
      outcomes: [...multiverse!, ...controls!, ...samples.flat()],
    });
    await Deno.writeTextFile(context.outputs.report, report);
    const note = isSimulated ? ["Drawn from simulated responses."] : [];
    const provenance = JSON.stringify({ ...context.provenance, lineage });
    const head = [TITLE, ...note, `provenance: ${provenance}`];
    const numbers = [
      ...found,
      ...ofControls.map((x) => ({ ...x, source: `control: ${x.source}` })),
    ];
    await Deno.writeTextFile(
      context.outputs.csv,
      encodeCsv(
        head,
        columnsOf<Interval>(numbers, {
          headline: ["which number", ({ headline }) => headline],
          meaning: ["what it is", ({ headline }) => MEANINGS[headline]],
          value: ["on the workflow's choices", ({ headline }) => base?.numbers?.[headline] ?? ""],
          source: ["what it varies with", ({ source }) => source],
          p10: ["10th percentile over the outcomes of the source", ({ low }) => low],
          p90: ["90th percentile", ({ high }) => high],
          standard_error: [
            "of the jackknife, where one subject is left out; else empty",
            ({ standardError }) => Number.isNaN(standardError) ? "" : standardError,
          ],
          n: ["outcomes", ({ n }) => n],
          n_without_numbers: ["of these without numbers", ({ without }) => without],
        }),
      ),
    );
    const judged = [
      ...conclusions.map((one) => ({ kind: "conclusion" as const, ...one })),
      ...claims.map((one) => ({ kind: "claim" as const, ...one })),
    ];
    const lines = judged.map(({ verdict, ...one }): VerdictLine => ({
      ...one,
      verdict: verdict.kind,
      breaks_with: breakers(verdict, CHOICES),
    }));
    await Deno.writeTextFile(context.outputs.json, `${JSON.stringify(lines, undefined, 1)}\n`);
    await Deno.writeTextFile(
      context.outputs.verdicts,
      encodeCsv(
        head,
        columnsOf<VerdictLine>(lines, {
          kind: ["conclusion from the numbers, or claim about the game", ({ kind }) => kind],
          figure: ["the figure that shows its numbers", ({ figure }) => figure],
          statement: ["what is judged", ({ statement }) => statement],
          source: ["where a claim comes from", ({ source = "" }) => source],
          expected: [
            "whether a claim is expected to hold",
            ({ expected = "" }) => String(expected),
          ],
          measured: ["on the workflow's choices", ({ measured }) => measured],
          verdict: ["robust, fragile or not supported", ({ verdict }) => verdict],
          breaks_with: [
            "where it does not do what it should",
            (line) => line.breaks_with.join("; "),
          ],
        }),
      ),
    );
  },
});
