import type { z } from "zod";
import { type Artifact, readArtifact, writeArtifact } from "../lib/artifact/artifact.ts";
import { type ArtifactFile, lineageOf } from "../lib/artifact/lineage.ts";
import type { ArraysOf, Facts, FactsOf, Kind } from "../lib/artifact/kind.ts";
import { defineTask, type FileKind, type Task, type TaskContext } from "../lib/runner/task.ts";

/** What the task's function is given: the context, with its input artifacts read. */
export interface ArtifactContext<
  Params,
  Inputs extends Readonly<Record<string, Kind>>,
  File extends string,
> extends
  Pick<TaskContext<Params, string, string>, "params" | "seed" | "progress" | "log" | "warn"> {
  readonly inputs: { readonly [N in keyof Inputs]: Artifact<Inputs[N]> };
  readonly files: Readonly<Record<File, ArtifactFile>>;
}

/** What the task's function gives. */
export interface Made<K extends Kind> {
  readonly arrays: ArraysOf<K>;
  /** Facts about the result: they are written beside it, and into the log. */
  readonly facts: FactsOf<K>;
}

/**
 * Declares a task that reads artifacts, calls one function and writes one artifact, with its lineage.
 *
 * @param task Its inputs by logical name, other files that it reads, and its output.
 */
export function artifactTask<
  Schema extends z.ZodObject,
  Inputs extends Readonly<Record<string, Kind>>,
  Output extends string,
  K extends Kind,
  File extends string = never,
>(task: {
  readonly description: string;
  readonly params: Schema;
  readonly inputs: Inputs;
  readonly files?: Readonly<Record<File, FileKind>>;
  /** Logical name and kind of the output. */
  readonly output: readonly [name: Output, kind: K];
  readonly seeded?: boolean;
  readonly native?: boolean;
  readonly make: (
    context: ArtifactContext<z.output<Schema>, Inputs, File>,
  ) => Made<K> | Promise<Made<K>>;
}): Task<Schema, (keyof Inputs & string) | File, Output> {
  const [name, kind] = task.output;
  const files = Object.entries<FileKind>(task.files ?? {});
  const inputs = [
    ...Object.keys(task.inputs).map((input) => [input, { kind: "npz" }] as const),
    ...files.map(([file, kind]) => [file, { kind }] as const),
  ];
  type Declared = Task<Schema, (keyof Inputs & string) | File, Output>;
  return defineTask({
    description: task.description,
    params: task.params,
    inputs: Object.fromEntries(inputs) as unknown as Declared["inputs"],
    outputs: { [name]: { kind: "npz" } } as unknown as Declared["outputs"],
    ...(task.seeded !== undefined && { seeded: task.seeded }),
    ...(task.native !== undefined && { native: task.native }),
    async run(context): Promise<void> {
      const given = context.inputs as Readonly<Record<string, ArtifactFile>>;
      const read: Record<string, Artifact> = {};
      for (const [input, kind] of Object.entries(task.inputs)) {
        read[input] = await readArtifact(kind, given[input]);
      }
      const others = Object.fromEntries(files.map(([file]) => {
        const other = given[file];
        if (other === undefined) throw new TypeError(`Cannot run: input ${file} is not declared`);
        return [file, other];
      }));
      const { arrays, facts } = await task.make({
        ...context,
        inputs: read as ArtifactContext<never, Inputs, never>["inputs"],
        files: others as Record<File, ArtifactFile>,
      });
      context.log(JSON.stringify(facts));
      const lineage = lineageOf(context, { ...read, ...others }, facts as Facts);
      await writeArtifact(context.outputs[name], kind, arrays, lineage);
    },
  });
}
