import { resolve } from "@std/path";
import { InputError } from "../base/errors.ts";
import { write } from "../runner/cli/output.ts";
import { differences, formatReason } from "../runner/reason.ts";
import { Archive } from "./archive.ts";
import { fetchArchive } from "./fetch_archive.ts";
import type { Pulled } from "./pull.ts";
import { pullFrom } from "./pull_command.ts";
import type { Session } from "./session.ts";

/** `cache import`: takes over results from an archive, given by its path or its address. */
export async function importCommand(session: Session, place: string): Promise<number> {
  const { root } = session.workspace.plan;
  const isAddress = /^[a-z][a-z+]+:\/\//i.test(place);
  using file = openArchive(
    isAddress ? await fetchArchive(root, place) : resolve(root, place),
    place,
  );
  const archive = new Archive(file, place);
  return await pullFrom(session, archive, (pulled) => {
    if (!session.options.json) write(explain(archive, pulled));
  });
}

function openArchive(path: string, place: string): Deno.FsFile {
  try {
    if (Deno.statSync(path).isFile) return Deno.openSync(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new InputError(`Cannot import ${place}: there is no such file`);
  }
  throw new InputError(`Cannot import ${place}: it is not a file`);
}

/** Why results are not in an archive that has others of the same targets: what differs, once each. */
function explain(archive: Archive, { missing }: Pulled): string {
  if (missing.length === 0) return "";
  const wanted = new Map(missing.map((step) => [step.target.name, step]));
  const reasons = new Map<string, number>();
  for (const { target, manifest } of archive.records()) {
    const step = wanted.get(target);
    if (step?.key === undefined) continue;
    for (const reason of differences(manifest, step.manifest)) {
      const text = formatReason(reason);
      reasons.set(text, (reasons.get(text) ?? 0) + 1);
    }
  }
  const ranked = [...reasons].sort(([, a], [, b]) => b - a);
  const lines = ranked.slice(0, MAX_REASONS).map(([text, n]) => `  ${text} (${n} targets)\n`);
  if (lines.length === 0) return "";
  return `The archive has other results of them; between those and what is wanted here:\n${
    lines.join("")
  }`;
}

/** Most differences that are shown. */
const MAX_REASONS = 8;
