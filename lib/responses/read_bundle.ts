import { InputError } from "../base/errors.ts";
import { type Bundle, type BundledFile, openBundle } from "../fetch/bundle.ts";
import type { Observations } from "./observations.ts";
import type { ReadOptions, SourceReader } from "./read_responses.ts";
import { LIMITS } from "./unzip_json.ts";

/** What was read of a bundle, and how many of its files were left out. */
export interface BundleRead {
  readonly observations: Observations;
  readonly unread: number;
}

/** The reader of a source whose files are fetched into a bundle first. */
export function bundleReader(
  read: (bundle: Bundle, options: ReadOptions) => Promise<BundleRead>,
): SourceReader {
  return async ({ path }, options) => {
    const bundle = await openBundle(path);
    const { origin, revision, files, absent } = bundle.manifest;
    const { observations, unread } = await read(bundle, options);
    const facts = {
      origin,
      ...(revision !== null && { revision }),
      n_files: files.length - unread,
      n_files_left_out: unread + absent.length,
    };
    return { observations, name: origin, facts };
  };
}

/**
 * Reads each file of a bundle.
 *
 * @returns How many could not be read.
 */
export async function readEach(
  { manifest, files }: Bundle,
  options: ReadOptions,
  remedy: string,
  take: (file: BundledFile, bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
): Promise<number> {
  let unread = 0;
  for (const { file, read } of files) {
    try {
      if (file.size > LIMITS.packed) {
        throw new InputError(
          `Cannot read ${file.name}: it has ${file.size} bytes, too many for results`,
        );
      }
      await take(file, await read());
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unread++;
      leaveOut(error, options);
    }
  }
  if (unread < files.length) return unread;
  const none = unread === 1 ? "its only file cannot" : `none of its ${unread} files can`;
  throw new InputError(`Cannot use ${manifest.origin}: ${none} be read. ${remedy}`);
}

/** Leaves a file out, with a warning, or ends all. */
export function leaveOut(error: InputError, { strict, warn }: ReadOptions): void {
  if (strict) throw error;
  warn(`${error.message}; the file is left out`);
}
