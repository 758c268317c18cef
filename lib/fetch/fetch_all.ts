import { join } from "@std/path";
import { digestOf } from "../base/digest.ts";
import type { BundledFile } from "./bundle.ts";
import { download, type Remote } from "./download.ts";
import { formatBytes } from "../base/format_bytes.ts";
import type { RetryOptions } from "./http.ts";

/** A file to be fetched, and of which benchmark it is. */
export interface Wanted extends Remote {
  readonly benchmark: string;
}

/** Options of a fetch, and what it calls. */
export interface FetchAllOptions extends RetryOptions {
  readonly fetch: typeof fetch;
  /** Folder where fetched files stay. */
  readonly downloads: string;
  readonly progress: (share: number, message: string) => void;
  /** Called when a file that was fetched before is fetched again, with the reason. */
  readonly onChanged: (reason: string) => void;
  /**
   * Called when one cannot be fetched: to throw, or to give the reason and go on without it.
   *
   * @returns Why it is left out.
   */
  readonly onRefused: (file: Wanted, error: unknown) => string;
}

/** Bytes between two reports of progress. */
const STEP = 1 << 18;

/**
 * Fetches files one after the other. Each is kept under the digest of its address, so that none is
 * fetched twice, whatever is asked for later.
 *
 * @param wanted The files.
 * @param options Fetch options.
 * @returns What each file is and where its bytes are, and the files that could not be fetched.
 */
export async function fetchAll(wanted: readonly Wanted[], options: FetchAllOptions): Promise<{
  readonly files: readonly BundledFile[];
  readonly paths: readonly string[];
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
}> {
  const files: BundledFile[] = [];
  const paths: string[] = [];
  const absent: { name: string; reason: string }[] = [];
  const sizes = wanted.map(({ size }) => size);
  const all = sizes.every((size) => size !== undefined)
    ? sizes.reduce((sum, size) => sum + size, 0)
    : undefined;
  let before = 0;
  let reported = -Infinity;
  for (const [i, remote] of wanted.entries()) {
    const place = `file ${i + 1} of ${wanted.length}`;
    const onBytes = (have: number, size: number | undefined): void => {
      if (before + have < reported + STEP && have !== size) return;
      reported = before + have;
      const share = all === undefined
        ? (i + (size ? have / size : 0)) / wanted.length
        : reported / Math.max(all, 1);
      const total = all === undefined ? "" : ` of ${formatBytes(all)}`;
      options.progress(share, `${formatBytes(reported)}${total}, ${place}`);
    };
    const share = all === undefined ? i / wanted.length : before / Math.max(all, 1);
    options.progress(share, `waiting for ${new URL(remote.url).host}, ${place}`);
    const path = join(options.downloads, digestOf(remote.url));
    try {
      const { size, sha256 } = await download(remote, path, { ...options, onBytes });
      const { name, url, benchmark } = remote;
      files.push({ name, url, size, sha256, benchmark });
      paths.push(path);
      before += size;
    } catch (error) {
      absent.push({ name: remote.name, reason: options.onRefused(remote, error) });
    }
  }
  return { files, paths, absent };
}
