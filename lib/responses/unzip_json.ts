import { InputError } from "../base/errors.ts";

/** What an archive may hold before it is taken for an attack or a mistake. */
export const LIMITS = {
  /** Bytes of the archive: those at hand have 4 MB at most, the others more. */
  packed: 128 << 20,
  /** Members. */
  members: 64,
  /** Bytes of the member that is read, unpacked: those at hand have 23 MB at most. */
  bytes: 128 << 20,
  /** Unpacked bytes for each packed one; text of models has about 5. */
  ratio: 100,
} as const;

/**
 * Reads the first JSON member of a zip into memory, wherever its name says that it belongs: nothing is
 * ever written by a name of the archive. Members of `__MACOSX` are skipped.
 *
 * @param zip The archive.
 * @param name Its name for errors.
 * @returns What the JSON says.
 * @throws {InputError} When it is no zip, is cut or damaged, is larger unpacked than {@linkcode LIMITS}
 * allow, or its JSON cannot be read.
 */
export async function unzipJson(zip: Uint8Array, name: string): Promise<unknown> {
  const bytes = await firstJson(zip, name);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`Cannot read ${name}: its JSON is not UTF-8`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`Cannot read ${name}: its JSON is damaged: ${reason.slice(0, 200)}`, {
      cause,
    });
  }
}

async function firstJson(zip: Uint8Array, name: string): Promise<Uint8Array> {
  const { configure, Uint8ArrayReader, ZipReader } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new Uint8ArrayReader(zip));
  try {
    let members = 0;
    for await (const entry of reader.getEntriesGenerator()) {
      if (++members > LIMITS.members) {
        throw new InputError(`Cannot read ${name}: it has more than ${LIMITS.members} members`);
      }
      const { filename, directory, encrypted, compressedSize, uncompressedSize } = entry;
      if (directory || !/\.json$/i.test(filename) || /(^|\/)__MACOSX\//.test(filename)) continue;
      if (encrypted) throw new InputError(`Cannot read ${name}: its JSON is encrypted`);
      const most = Math.min(LIMITS.bytes, LIMITS.ratio * Math.max(compressedSize, 1024));
      const tooLarge = (): InputError =>
        new InputError(
          `Cannot read ${name}: its JSON is larger than ${most} bytes unpacked, from ` +
            `${compressedSize} packed: no results, or a zip bomb`,
        );
      if (uncompressedSize > most) throw tooLarge();
      const chunks: Uint8Array[] = [];
      let size = 0;
      const sink = new WritableStream<Uint8Array>({
        write(chunk): void {
          size += chunk.length;
          if (size > most) throw tooLarge();
          chunks.push(chunk);
        },
      });
      await entry.getData(sink, { checkSignature: true });
      const whole = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks) {
        whole.set(chunk, at);
        at += chunk.length;
      }
      return whole;
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`Cannot read ${name}: no zip, or a damaged one: ${reason}`, { cause });
  } finally {
    await reader.close().catch(() => {});
  }
  throw new InputError(`Cannot read ${name}: it holds no .json`);
}
