import { basename, dirname, join } from "@std/path";
import { digestOfFile } from "../base/digest.ts";
import { InputError } from "../base/errors.ts";
import { formatBytes } from "../base/format_bytes.ts";
import { assessAll } from "../runner/assess.ts";
import { copyOut } from "../runner/cli/copy_out.ts";
import { write } from "../runner/cli/output.ts";
import type { RunRecord } from "../runner/record.ts";
import { writeArchive } from "./archive.ts";
import { believe, encodeRecord } from "./believe.ts";
import { withFolder } from "./pull.ts";
import type { Session } from "./session.ts";
import { SIGNING_KEY } from "./settings.ts";
import { signingKey, signRecord } from "./signature.ts";
import { Refused } from "./source.ts";

/** `cache export`: writes results, and all that they need, to an archive that needs no network. */
export async function exportCommand(session: Session, file: string): Promise<number> {
  if (!file.endsWith(".zip")) {
    throw new InputError(`Cannot export to ${file}: give a name that ends in .zip`);
  }
  const { workspace: { plan, store }, options } = session;
  const signing = signingKey(SIGNING_KEY);
  const records = await recordsOf(session);
  const texts = records.map((record) => {
    const text = encodeRecord(record, signing && signRecord(record.check, signing));
    refuseUnusable(session, record, text);
    return [record.key, text] as const;
  });
  const outputs = records.flatMap(({ outputs }) => Object.values(outputs));
  let size = 0;
  await withFolder(plan.root, async (folder) => {
    const archive = join(folder, "archive.zip");
    await writeArchive(archive, store, new Map(texts), outputs);
    size = (await Deno.stat(archive)).size;
    const copied = { file: archive, digest: await digestOfFile(archive), name: basename(file) };
    await copyOut(plan.root, dirname(file), "archive", [copied]);
  });
  write(
    options.json
      ? `${JSON.stringify({ file, targets: records.length, bytes: size })}\n`
      : `${file} holds the results of ${records.length} targets: ${formatBytes(size)}.\n`,
  );
  return 0;
}

/** Refuses a record that no reader of the archive would believe. */
function refuseUnusable({ workspace, settings }: Session, record: RunRecord, text: string): void {
  const target = workspace.plan.targets.get(record.target);
  try {
    if (target === undefined) throw new Refused("the record is of another target");
    believe(new TextEncoder().encode(text), target, record.key, settings.trusted);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new InputError(`Cannot export ${record.target}: ${error.message}`);
  }
}

/** The record of each target. */
async function recordsOf({ workspace, names }: Session): Promise<RunRecord[]> {
  const states = await assessAll(workspace, names);
  return [...states].map(([name, state]) => {
    if (state.state === "fresh" || state.state === "in cache") return state.record;
    const remedy = "build it first, with: deno task build";
    throw new InputError(`Cannot export ${name}: it has no current result; ${remedy} ${name}`);
  });
}
