import { z } from "zod";
import { readArtifact } from "../lib/artifact/artifact.ts";
import * as kinds from "../lib/artifact/kinds.ts";
import { lineageOf } from "../lib/artifact/lineage.ts";
import { describeSkills } from "../lib/estimation/describe_skills.ts";
import { rotatedScores } from "../lib/estimation/rotation/rotated_scores.ts";
import { tableSize } from "../lib/estimation/table_size.ts";
import { columnsOf, encodeCsv } from "../lib/figure/kit/csv.ts";
import { loadingsToTasks } from "../lib/pool/loadings_to_tasks.ts";
import { responsesOf } from "../lib/responses/responses.ts";
import type { Skill, SkillsReport } from "../lib/responses/skills_report.ts";
import { defineTask } from "../lib/runner/task.ts";
import { takeColumns } from "../lib/stats/matrix.ts";

/** A row of the CSV: an item or a subject of a skill. */
interface Row {
  readonly skill: number;
  readonly of: Skill;
  readonly what: "item" | "subject";
  readonly rank: number;
  readonly id: string;
  readonly benchmark: string;
  readonly category: string;
  readonly value: number;
}

export default defineTask({
  description: "Describes the skills, and whether the table is large enough to find them",
  params: z.object({ tau: z.number().min(0).lt(1) }),
  inputs: {
    items: { kind: "npz" },
    parallel_analysis: { kind: "npz" },
    fiml: { kind: "npz" },
    loadings: { kind: "npz" },
  },
  outputs: { csv: { kind: "csv" }, report: { kind: "json" } },
  async run(context): Promise<void> {
    const { params: { tau }, inputs, outputs } = context;
    const items = await readArtifact(kinds.items, inputs.items);
    const analysis = await readArtifact(kinds.parallelAnalysis, inputs.parallel_analysis);
    const fiml = await readArtifact(kinds.factorModel, inputs.fiml);
    const loadings = await readArtifact(kinds.loadings, inputs.loadings);
    const { raw, rotated, item_id } = loadings.arrays;
    const { sparsified, axisOrder, kept } = await loadingsToTasks(rotated, tau);
    const table = responsesOf(items.arrays);
    const skills = describeSkills({
      tasks: sparsified,
      taskIds: kept.map((i) => item_id[i]!),
      scores: takeColumns(rotatedScores(raw, rotated, fiml.arrays.scores), axisOrder),
      subjectIds: fiml.arrays.subject_id,
      table,
    });
    const { eigenvalues, thresholds } = analysis.arrays;
    const size = tableSize({
      ...{ subjects: items.dims.S, items: items.dims.p, skills, eigenvalues, thresholds },
    });
    const report: SkillsReport = { skills, size };
    await Deno.writeTextFile(outputs.report, JSON.stringify(report));
    const lineage = lineageOf(context, { items, analysis, fiml, loadings });
    const provenance = JSON.stringify({ ...context.provenance, lineage });
    const notes = size.measures.map(({ name, says }) => `${name}: ${says}`);
    const csv = encodeCsv(["Skills", ...notes, `provenance: ${provenance}`], columns(skills));
    await Deno.writeTextFile(outputs.csv, csv);
  },
});

function columns(skills: readonly Skill[]): ReturnType<typeof columnsOf<Row>> {
  const rows = skills.flatMap((of, j): readonly Row[] => [
    ...of.items.map(({ id, benchmark, category, weight }, n): Row => ({
      ...{ skill: j + 1, of, what: "item", rank: n + 1, id, value: weight },
      benchmark: benchmark ?? "",
      category: category ?? "",
    })),
    ...of.subjects.map(({ id, score }, n): Row => ({
      ...{ skill: j + 1, of, what: "subject", rank: n + 1, id, value: score },
      ...{ benchmark: "", category: "" },
    })),
  ]);
  return columnsOf<Row>(rows, {
    skill: ["by mass, from 1", ({ skill }) => skill],
    mass_share: ["of the mass of all tasks, in [0, 1]", ({ of }) => of.share],
    n_items: ["items that draw on the skill", ({ of }) => of.n_items],
    leverage: ["largest share of the squared scores of one subject", ({ of }) => of.leverage],
    what: ["item: one of the ten heaviest; subject: all", ({ what }) => what],
    rank: ["by value, from 1", ({ rank }) => rank],
    id: ["of the item or the subject", ({ id }) => id],
    benchmark: ["of the item, where it is known", ({ benchmark }) => benchmark],
    category: ["of the item, where it is known", ({ category }) => category],
    value: ["weight of the item on the skill, or score of the subject", ({ value }) => value],
  });
}
