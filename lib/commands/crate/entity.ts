import { extname } from "@std/path";
import type { Digest } from "../../base/digest.ts";
import type { PlannedTarget } from "../../runner/config/planned.ts";
import type { RunRecord } from "../../runner/record.ts";

/** The main entity: the workflow. */
export const WORKFLOW = "workflow.yaml";

/** A target and the record of the run that made it. */
export interface Step {
  readonly target: PlannedTarget;
  readonly record: RunRecord;
}

/** A file of the project. */
export interface ProjectFile {
  readonly name: string;
  readonly digest: Digest;
}

/** An entity of a crate. */
export interface Entity {
  readonly "@id": string;
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
}

/** A reference to an entity. */
export interface Reference {
  readonly "@id": string;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".html": "text/html",
  ".json": "application/json",
  ".md": "text/markdown",
  ".npz": "application/zip",
  ".onnx": "application/octet-stream",
  ".pdf": "application/pdf",
  ".ts": "text/x.typescript",
  ".txt": "text/plain",
  ".yaml": "application/yaml",
  ".zip": "application/zip",
};

/** A reference to an entity. */
export function ref(id: string): Reference {
  return { "@id": id };
}

/** References to entities, each once. */
export function refs(entities: readonly Reference[]): Reference[] {
  return [...new Set(entities.map((entity) => entity["@id"]))].map(ref);
}

/** A path as the relative URI that names it in the crate. */
export function uri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Name of a step. */
export function stepId({ name }: PlannedTarget): string {
  return `${WORKFLOW}#${encodeURIComponent(name)}`;
}

/** A file of the crate. */
export function fileOf(path: string, { digest }: { readonly digest: Digest }): Entity {
  const type = MEDIA_TYPES[extname(path)];
  return {
    "@id": uri(path),
    "@type": path.endsWith(".ts") ? ["File", "SoftwareSourceCode"] : "File",
    name: path,
    ...(type === undefined ? {} : { encodingFormat: type }),
    sha256: digest,
  };
}
