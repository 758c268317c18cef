import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { type ArraysOf, type Contents, decodeArrays, encodeArrays, type Kind } from "./kind.ts";
import type { ArtifactFile, Lineage } from "./lineage.ts";
import { decodeNpz, encodeNpz, type NpzArrays } from "./npz.ts";

const lineageSchema: z.ZodType<Lineage> = z.object({
  task: z.string(),
  params: z.unknown(),
  inputs: z.record(
    z.string(),
    z.object({
      sha256: z.string(),
      get lineage(): z.ZodExactOptional<z.ZodType<Lineage>> {
        return lineageSchema.exactOptional();
      },
    }),
  ),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** An .npz artifact of a kind: what it holds, and where it comes from. */
export interface Artifact<K extends Kind = Kind> extends Contents<K> {
  readonly file: ArtifactFile;
  /** Absent when the file was made elsewhere. */
  readonly lineage?: Lineage;
}

/** An artifact's contents and lineage, wherever they come from. */
export type Results<K extends Kind> = Omit<Artifact<K>, "file">;

/**
 * Reads an .npz artifact that a task was given.
 *
 * @param kind What it must be.
 * @param file The input, as the task's context names it.
 * @throws {TypeError} When the input is not declared.
 * @throws {InputError} When it is not an .npz file of that kind.
 */
export async function readArtifact<K extends Kind>(
  kind: K,
  file: ArtifactFile | undefined,
): Promise<Artifact<K>> {
  if (file === undefined) throw new TypeError("Cannot read artifact: the input is not declared");
  return decodeArtifact(kind, await Deno.readFile(file.path), file);
}

/**
 * The artifact in an .npz file's bytes.
 *
 * @throws {InputError} When they are not of that kind.
 */
export function decodeArtifact<K extends Kind>(
  kind: K,
  bytes: Uint8Array<ArrayBuffer>,
  file: ArtifactFile,
): Artifact<K> {
  const found = decodeNpz(bytes, file.name);
  const contents = decodeArrays(kind, found, file.name);
  const lineage = lineageIn(found);
  const facts = kind.facts.safeParse(lineage?.facts ?? {});
  if (!facts.success) {
    const [issue] = facts.error.issues;
    const fact = issue?.path.join(".") ?? "";
    throw new InputError(
      `Cannot use ${file.name} as ${kind.name}: its fact ${fact} is wrong: ${issue?.message}.`,
    );
  }
  return {
    ...contents,
    facts: facts.data as Artifact<K>["facts"],
    file,
    ...(lineage && { lineage }),
  };
}

function lineageIn(arrays: NpzArrays): Lineage | undefined {
  const text = arrays["provenance"]?.data[0];
  if (typeof text !== "string") return undefined;
  try {
    const lineage = JSON.parse(text);
    return lineageSchema.safeParse(lineage).success ? lineage : undefined;
  } catch {
    return undefined; // Another program's provenance.
  }
}

/**
 * Writes an .npz artifact, its lineage as the JSON text `provenance`.
 *
 * @param path Where, as the task's context says.
 * @param kind What it is.
 * @param arrays Its arrays.
 * @param lineage What lineageOf() gave.
 * @throws {InputError} When an array is not as its kind declares it, or a fact is not finite.
 */
export async function writeArtifact<K extends Kind>(
  path: string,
  kind: K,
  arrays: ArraysOf<K>,
  lineage: Lineage,
): Promise<void> {
  for (const [name, fact] of Object.entries(lineage.facts)) {
    if (typeof fact !== "number" || Number.isFinite(fact)) continue;
    throw new InputError(`Cannot write ${kind.name}: its fact ${name} is ${fact}`);
  }
  const provenance = { shape: [], data: [JSON.stringify(lineage)] };
  await Deno.writeFile(path, encodeNpz({ ...encodeArrays(kind, arrays), provenance }));
}
