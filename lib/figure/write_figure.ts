import { type Artifact, findFact, lineageOf } from "../artifact/artifact.ts";
import type { TaskContext } from "../runner/task.ts";
import { type Column, encodeCsv } from "./csv.ts";
import { renderPdf } from "./pdf/render_pdf.ts";

/** A figure, ready to be written. */
export interface Figure {
  readonly title: string;
  /** One paragraph, made from the numbers. */
  readonly caption: string;
  readonly svg: Element;
  /** The numbers drawn. */
  readonly columns: readonly Column[];
}

/** What marks everything that is drawn from simulated responses. */
const SIMULATED = "simulated responses";

/**
 * Writes a figure as PDF and its numbers as CSV, both with the caption and where they come from.
 *
 * @param context The task's context.
 * @param inputs The artifacts that the figure was drawn from.
 * @param figure The figure.
 */
export async function writeFigure(
  context: Pick<TaskContext<unknown, string, "pdf" | "csv">, "params" | "provenance" | "outputs">,
  inputs: Readonly<Record<string, Pick<Artifact, "file" | "lineage">>>,
  figure: Figure,
): Promise<void> {
  const lineage = lineageOf(context, inputs);
  const simulated = findFact(lineage, "simulated") === true;
  const caption = simulated ? `${figure.caption} Drawn from ${SIMULATED}.` : figure.caption;
  const provenance = JSON.stringify({ ...context.provenance, lineage });
  const pdf = await renderPdf(figure.svg, {
    title: figure.title,
    subject: caption,
    provenance,
    note: simulated ? SIMULATED : undefined,
  });
  await Deno.writeFile(context.outputs.pdf, pdf);
  const csv = encodeCsv([figure.title, caption, `provenance: ${provenance}`], figure.columns);
  await Deno.writeTextFile(context.outputs.csv, csv);
}
