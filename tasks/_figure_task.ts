/**
 * What the tasks that draw share. Only here do figures meet files, and jsdom.
 *
 * @module
 */
import { z } from "zod";
import { type Artifact, readArtifact } from "../lib/artifact/artifact.ts";
import { findFact, type Lineage, lineageOf } from "../lib/artifact/lineage.ts";
import type { Kind } from "../lib/artifact/kind.ts";
import type { Figure } from "../lib/figure/figure.ts";
import type { Page } from "../lib/figure/kit/plot_svg.ts";
import { defineTask, type Task } from "../lib/runner/task.ts";

/** The printed width of a figure in inches, a parameter of all of them. */
const width = z.number().min(2).max(12);

/** What marks everything that is drawn from simulated responses. */
const SIMULATED = "simulated responses";

/** A caption with what a reader must know of the data: whether it is simulated, and a fit unfinished. */
export function fullCaption(caption: string, lineage: Lineage): string {
  const remarks = [
    ...findFact(lineage, "converged") === false ? ["The factor model's fit did not converge."] : [],
    ...findFact(lineage, "simulated") === true ? [`Drawn from ${SIMULATED}.`] : [],
  ];
  return [caption, ...remarks].join(" ");
}

/**
 * Declares a task that draws one artifact as PDF, with its numbers as CSV beside it, both with the
 * caption and where they come from.
 *
 * @param figure Its description, the logical name and kind of its input, its parameters beside `width`, and what
 * draws it; that is imported only when it runs, since every command imports the tasks.
 */
export function figureTask<Shape extends z.ZodRawShape, Input extends string, K extends Kind>(
  figure: {
    readonly description: string;
    readonly input: readonly [name: Input, kind: K];
    readonly params: Shape;
    readonly draw: (
      artifact: Artifact<K>,
      params: z.output<z.ZodObject<Shape>>,
      page: Page,
    ) => Promise<Figure>;
  },
): Task<z.ZodObject<Shape & { width: typeof width }>, Input, "pdf" | "csv"> {
  const [input, kind] = figure.input;
  return defineTask({
    description: figure.description,
    params: z.object({ ...figure.params, width }) as z.ZodObject<Shape & { width: typeof width }>,
    inputs: { [input]: { kind: "npz" } } as Record<Input, { readonly kind: "npz" }>,
    outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
    async run(context): Promise<void> {
      const { JSDOM } = await import("jsdom");
      const { renderPdf } = await import("../lib/figure/pdf/render_pdf.ts");
      const { encodeCsv } = await import("../lib/figure/kit/csv.ts");
      const artifact = await readArtifact(kind, context.inputs[input]);
      const params = context.params as z.output<z.ZodObject<Shape>> & { readonly width: number };
      const { document } = new JSDOM("").window as unknown as { readonly document: Document };
      const drawn = await figure.draw(artifact, params, { document, width: params.width });
      const lineage = lineageOf(context, { [input]: artifact });
      const isSimulated = findFact(lineage, "simulated") === true;
      const { title, svg, columns } = drawn;
      const caption = fullCaption(drawn.caption, lineage);
      const provenance = JSON.stringify({ ...context.provenance, lineage });
      const note = isSimulated ? SIMULATED : undefined;
      const pdf = await renderPdf(svg, { title, subject: caption, provenance, note });
      await Deno.writeFile(context.outputs.pdf, pdf);
      const csv = encodeCsv([title, caption, `provenance: ${provenance}`], columns);
      await Deno.writeTextFile(context.outputs.csv, csv);
    },
  });
}
