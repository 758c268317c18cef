import { createHash } from "node:crypto";
import type { Digest } from "../base/digest.ts";
import type { RecordedOutput } from "../runner/record.ts";

/** Where results of others come from: a cache on the network, or an archive. */
export interface Source {
  /** For messages. */
  readonly name: string;
  /**
   * What is there under a key, not yet believed; undefined where nothing is.
   *
   * @throws {Refused} When it is too large for a record.
   */
  record(key: Digest): Promise<Uint8Array | undefined>;
  /**
   * Writes a content to a file that does not exist yet.
   *
   * @returns Whether it is there.
   * @throws {Refused} When its size or digest is not the recorded one; then there is no file.
   */
  save(output: RecordedOutput, file: string): Promise<boolean>;
}

/** Something from outside that is not what it should be: it is not used. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** A longer record is refused, in bytes: it is a manifest, some digests and a log. */
export const MAX_RECORD = 8 << 20;

/** A larger content is refused, in bytes. */
export const MAX_CONTENT = 4 * 1024 ** 3;

/**
 * Writes chunks to a new file, never more than the recorded size, and takes their digest on the way.
 *
 * @throws {Refused} When size or digest is not the recorded one; the file is removed.
 */
export async function writeChecked(
  chunks: AsyncIterable<Uint8Array>,
  { digest, size }: RecordedOutput,
  path: string,
): Promise<void> {
  const hash = createHash("sha256");
  let have = 0;
  try {
    using file = await Deno.open(path, { write: true, create: true, truncate: true });
    for await (const chunk of chunks) {
      have += chunk.length;
      if (have > size) throw new Refused(`content ${digest} has more than its ${size} bytes`);
      hash.update(chunk);
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    }
    if (have < size) throw new Refused(`content ${digest} has ${have} bytes instead of ${size}`);
    if (hash.digest("hex") !== digest) throw new Refused(`content ${digest} has another digest`);
  } catch (cause) {
    await Deno.remove(path).catch(() => {});
    throw cause;
  }
}

/**
 * Reads chunks into memory, up to the size of a record.
 *
 * @throws {Refused} When there is more.
 */
export async function readRecord(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array<ArrayBuffer>[] = [];
  let have = 0;
  for await (const chunk of chunks) {
    have += chunk.length;
    if (have > MAX_RECORD) throw new Refused(`the record has more than ${MAX_RECORD} bytes`);
    all.push(new Uint8Array(chunk));
  }
  return await new Blob(all).bytes();
}
