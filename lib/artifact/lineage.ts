import type { Facts } from "./kind.ts";

/** A file that a task reads. */
export interface ArtifactFile {
  readonly path: string;
  /** What to call it in errors. */
  readonly name: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

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
  /** Facts about the result, such as counts. */
  readonly facts: Facts;
}

/** What was read, and where it comes from. */
interface Ancestor {
  readonly file: ArtifactFile;
  readonly lineage?: Lineage;
}

/** What names the work in a lineage: a task's context. */
export interface Work {
  readonly params: unknown;
  readonly provenance: { readonly task: string };
}

/**
 * The lineage of what a task makes from the artifacts that it read.
 *
 * @param work The task's context.
 * @param inputs What was read, by logical name.
 * @param facts Facts about the result.
 */
export function lineageOf(
  { params, provenance: { task } }: Work,
  inputs: Readonly<Record<string, Ancestor | ArtifactFile>>,
  facts: Facts = {},
): Lineage {
  const described = Object.entries(inputs).map(([name, input]) => {
    const { file, lineage } = "file" in input ? input : { file: input };
    return [name, { sha256: file.digest, ...(lineage && { lineage }) }] as const;
  });
  return { task, params, inputs: Object.fromEntries(described), facts };
}

/**
 * The fact of that name nearest to the given lineage, looking through all its ancestors.
 *
 * @example
 * ```ts
 * import { findFact } from "./lineage.ts";
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
