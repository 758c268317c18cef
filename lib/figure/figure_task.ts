import { z } from "zod";
import { type Artifact, readArtifact } from "../artifact/artifact.ts";
import type { Kind } from "../artifact/kind.ts";
import { defineTask, type Task } from "../runner/task.ts";
import { type Figure, writeFigure } from "./write_figure.ts";

/** The printed width of a figure in inches, a parameter of all of them. */
const width = z.number().min(2).max(12);

/**
 * Declares a task that draws one artifact as PDF and CSV.
 *
 * @param figure Its description, the logical name and kind of its input, its parameters beside `width`,
 * and what draws it.
 */
export function figureTask<
  Shape extends z.ZodRawShape,
  Input extends string,
  K extends Kind,
>(figure: {
  readonly description: string;
  readonly input: readonly [name: Input, kind: K];
  readonly params: Shape;
  readonly draw: (
    artifact: Artifact<K>,
    params: z.output<z.ZodObject<Shape>> & { readonly width: number },
  ) => Promise<Figure>;
}): Task<z.ZodObject<Shape & { width: typeof width }>, Input, "pdf" | "csv"> {
  const [input, kind] = figure.input;
  return defineTask({
    description: figure.description,
    params: z.object({ ...figure.params, width }) as z.ZodObject<Shape & { width: typeof width }>,
    inputs: { [input]: { kind: "npz" } } as Record<Input, { readonly kind: "npz" }>,
    outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
    async run(context): Promise<void> {
      const artifact = await readArtifact(kind, context.inputs[input]);
      const params = context.params as unknown as Parameters<typeof figure.draw>[1];
      await writeFigure(context, { [input]: artifact }, await figure.draw(artifact, params));
    },
  });
}
