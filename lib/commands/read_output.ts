import { type Artifact, readArtifact } from "../artifact/artifact.ts";
import type { Kind } from "../artifact/kind.ts";
import type { RunRecord } from "../runner/record.ts";
import type { Store } from "../runner/store.ts";

/** Reads what a target of one output made, as the cache has it. */
export async function readOutput<K extends Kind>(
  store: Store,
  kind: K,
  record: RunRecord | undefined,
): Promise<Artifact<K>> {
  const [output] = Object.values(record?.outputs ?? {});
  if (output === undefined) throw new TypeError("Cannot read an output: there is no record");
  const { path, digest } = output;
  return await readArtifact(kind, { path: store.contentPath(digest), name: path, digest });
}
