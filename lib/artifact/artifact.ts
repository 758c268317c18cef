import { InputError } from "../base/errors.ts";
import { decodeNpz, encodeNpz, type NpzArrays } from "./npz.ts";
import type { InputFile, TaskContext } from "../runner/task.ts";

/**
 * How an artifact came to be: the task and its parameters, and the same for all that it was made
 * from. It holds no key, time or path, so that equal work gives equal bytes.
 */
export interface Lineage {
  readonly task: string;
  readonly params: unknown;
  readonly inputs: Readonly<
    Record<string, { readonly sha256: string; readonly lineage?: Lineage }>
  >;
  /** Facts about the result, such as counts, for the reader. */
  readonly facts: Facts;
}

/** Named facts about a result. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** An .npz artifact of the workflow: arrays, and where they come from. */
export interface Artifact {
  readonly file: InputFile;
  readonly arrays: NpzArrays;
  /** Absent when the file was made elsewhere. */
  readonly lineage?: Lineage;
}

/**
 * Reads an .npz artifact that a task was given.
 *
 * @param file The input, as the task's context names it.
 * @throws {TypeError} When it is absent.
 * @throws {InputError} When it is no .npz file, or holds an array of a type that is not read.
 */
export async function readArtifact(file: InputFile | undefined): Promise<Artifact> {
  if (file === undefined) throw new TypeError("Cannot read artifact: the input is not declared");
  const bytes = await Deno.readFile(file.path);
  let arrays: NpzArrays;
  try {
    arrays = decodeNpz(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = "Save it by numpy.savez, with arrays of numbers or of texts.";
    throw new InputError(`Cannot read ${file.name}: ${reason}. ${remedy}`, { cause });
  }
  const text = arrays["provenance"]?.data[0];
  return typeof text === "string" ? { file, arrays, lineage: JSON.parse(text) } : { file, arrays };
}

/**
 * The lineage of what a task makes from the artifacts that it read.
 *
 * @param context The task's context.
 * @param inputs What was read, by logical name.
 * @param facts Facts about the result.
 */
export function lineageOf(
  context: Pick<TaskContext<unknown, string, string>, "params" | "provenance">,
  inputs: Readonly<Record<string, Artifact | InputFile>>,
  facts: Facts = {},
): Lineage {
  const described = Object.entries(inputs).map(([name, input]) => {
    const file = "file" in input ? input.file : input;
    const lineage = "file" in input ? input.lineage : undefined;
    return [name, { sha256: file.digest, ...(lineage && { lineage }) }] as const;
  });
  return {
    task: context.provenance.task,
    params: context.params,
    inputs: Object.fromEntries(described),
    facts,
  };
}

/**
 * Writes an .npz artifact, its lineage as the JSON text `provenance`.
 *
 * @param path Where, as the task's context says.
 * @param arrays The arrays.
 * @param lineage What lineageOf() gave.
 * @throws {RangeError} When a number of an array or a fact is not finite.
 */
export async function writeArtifact(
  path: string,
  arrays: NpzArrays,
  lineage: Lineage,
): Promise<void> {
  for (const [name, fact] of Object.entries(lineage.facts)) {
    if (typeof fact !== "number" || Number.isFinite(fact)) continue;
    throw new RangeError(`Cannot write the fact ${name}: it is ${fact}`);
  }
  const provenance = { shape: [], data: [JSON.stringify(lineage)] };
  await Deno.writeFile(path, encodeNpz({ ...arrays, provenance }));
}

/**
 * The fact of that name nearest to the given lineage, looking through all its ancestors.
 *
 * @example
 * ```ts
 * import { findFact } from "./artifact.ts";
 * const responses = { task: "a", params: {}, inputs: {}, facts: { data_label: "simulated responses" } };
 * const pool = { task: "b", params: {}, inputs: { r: { sha256: "", lineage: responses } }, facts: {} };
 * if (findFact(pool, "data_label") !== "simulated responses") throw new Error();
 * ```
 */
export function findFact(lineage: Lineage | undefined, name: string): Facts[string] | undefined {
  if (lineage === undefined) return undefined;
  if (name in lineage.facts) return lineage.facts[name];
  for (const input of Object.values(lineage.inputs)) {
    const found = findFact(input.lineage, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
