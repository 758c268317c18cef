import { UnavailableError } from "../base/errors.ts";
import { type Digest, digestOfFile } from "../base/digest.ts";
import { networkError, retry, type RetryOptions, TransientError, transientStatus } from "./http.ts";

/** A file to be fetched. */
export interface Remote {
  readonly url: string;
  /** What to call it: its path in the repository. */
  readonly name: string;
  /** Bytes, where the size is known before. */
  readonly size?: number;
  /** SHA-256, where it is recorded. */
  readonly sha256?: string;
}

/** A file that was fetched. */
export interface Fetched {
  readonly size: number;
  readonly sha256: Digest;
}

/** Options of a download. */
export interface DownloadOptions extends RetryOptions {
  readonly fetch: typeof fetch;
  /** Called with the bytes that are there by now, and all where that is known. */
  readonly onBytes?: (have: number, all: number | undefined) => void;
  /** Called when a file that was fetched before is fetched again, with the reason. */
  readonly onChanged?: (reason: string) => void;
  /** Most bytes of a file. */
  readonly maxSize?: number;
}

/** A response of a status that trying again does not help. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: number;
  /** What the hub says it is, such as `GatedRepo`. */
  readonly code: string | null;

  constructor({ status, headers }: Response) {
    super(`status ${status}`);
    this.status = status;
    this.code = headers.get("x-error-code");
  }
}

/** No file of results is larger, in bytes. */
const MAX_SIZE = 4 * 1024 ** 3;

/**
 * Fetches a file, continuing where an earlier attempt or run was cut, and checks its digest. The file
 * appears whole or not at all, with its SHA-256 beside it as `.sha256`; what is there already is not fetched
 * again unless it is not what was recorded.
 *
 * @param remote The file.
 * @param path Where it is to go; a part is kept beside it as `.part`.
 * @throws {StatusError} When the server refuses.
 * @throws {UnavailableError} When it fails to the end, or the bytes are not those recorded.
 */
export async function download(
  remote: Remote,
  path: string,
  options: DownloadOptions,
): Promise<Fetched> {
  const part = `${path}.part`;
  using file = await openExclusive(part);
  const known = await check(remote, path, options);
  if (known !== undefined) {
    const now = new Date();
    await Deno.utime(path, now, now);
    await Deno.utime(`${path}.sha256`, now, now);
    await Deno.remove(part);
    options.onBytes?.(known.size, known.size);
    return known;
  }
  await retry(`fetch ${remote.name}`, () => fetchRest(remote, file, part, options), options);
  await file.sync();
  const sha256 = await digestOfFile(part);
  await Deno.remove(`${part}.etag`).catch(() => {});
  if (remote.sha256 !== undefined && sha256 !== remote.sha256) {
    await Deno.remove(part);
    throw new UnavailableError(
      `Cannot use ${remote.name}: its SHA-256 is ${sha256}, but ${remote.sha256} is recorded. The ` +
        "bytes were deleted; run again, and if that does not help, the source has changed.",
    );
  }
  await Deno.writeTextFile(`${path}.sha256`, sha256);
  await Deno.rename(part, path);
  return { size: (await Deno.stat(path)).size, sha256 };
}

/** Opens a file and locks it: waits for another run that fetches the same. */
async function openExclusive(part: string): Promise<Deno.FsFile> {
  for (;;) {
    const file = await Deno.open(part, { create: true, read: true, write: true });
    await file.lock(true);
    // The other run has renamed or removed it; then the lock got here is of a file without a name.
    const here = await Deno.stat(part).catch(() => undefined);
    if (here !== undefined && here.ino === (await file.stat()).ino) return file;
    file.close();
  }
}

/** The file, if it is there; one that is not what was recorded when it arrived is removed. */
async function check(
  remote: Remote,
  path: string,
  { onChanged }: DownloadOptions,
): Promise<Fetched | undefined> {
  const stat = await Deno.stat(path).catch(() => undefined);
  if (stat === undefined) return undefined;
  const recorded = await Deno.readTextFile(`${path}.sha256`).catch(() => undefined);
  const sha256 = await digestOfFile(path);
  const isRight = recorded === sha256 && (remote.sha256 ?? sha256) === sha256 &&
    (remote.size ?? stat.size) === stat.size;
  if (isRight) return { size: stat.size, sha256 };
  const reason = recorded === undefined
    ? "its SHA-256 was not recorded when it was fetched"
    : recorded === sha256
    ? "the source now has another version"
    : "the file kept from an earlier run has been changed";
  onChanged?.(`${remote.name}: ${reason}; fetching it again`);
  await Deno.remove(path);
  return undefined;
}

async function fetchRest(
  remote: Remote,
  file: Deno.FsFile,
  part: string,
  { fetch, onBytes, maxSize = MAX_SIZE }: DownloadOptions,
): Promise<void> {
  let have = (await file.stat()).size;
  let etag = "";
  if (have > 0) {
    etag = await resumable(remote, part);
    if (etag === "") have = await emptied(file);
    else if (have === remote.size) return;
  }
  try {
    const response = await fetch(remote.url, {
      headers: {
        "accept-encoding": "identity",
        ...(have > 0 && { range: `bytes=${have}-`, "if-range": etag }),
      },
    });
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status === 416) {
        await emptied(file);
        throw new TransientError("the part that was there does not fit the file");
      }
      throw transientStatus(response) ?? new StatusError(response);
    }
    if (response.status !== 206 || startOf(response) !== have) {
      have = await emptied(file);
      if (response.status === 206) {
        await response.body?.cancel();
        throw new TransientError("the server sent another piece than was asked for");
      }
    }
    etag = response.headers.get("etag") ?? "";
    await Deno.writeTextFile(`${part}.etag`, etag);
    const length = Number(response.headers.get("content-length") ?? NaN);
    const all = Number.isNaN(length) ? remote.size : have + length;
    const expected = remote.size ?? `at most ${maxSize}`;
    const refuse = (size: string): UnavailableError =>
      new UnavailableError(`Cannot fetch ${remote.name}: it has ${size} bytes, not ${expected}`);
    if ((all ?? 0) > maxSize || (remote.size !== undefined && all !== remote.size)) {
      await response.body?.cancel();
      throw refuse(String(all));
    }
    await file.seek(have, Deno.SeekMode.Start);
    for await (const chunk of response.body ?? []) {
      if (have + chunk.length > (all ?? maxSize)) {
        await emptied(file);
        throw refuse(`more than ${all ?? maxSize}`);
      }
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
      have += chunk.length;
      onBytes?.(have, all);
    }
    if (all !== undefined && have < all) throw new TransientError("the connection was cut");
  } catch (error) {
    if (remote.sha256 === undefined && have > 0 && etag !== "") {
      await Deno.writeTextFile(`${part}.etag`, `${etag}\n${await digestOfFile(part)}`);
    }
    throw networkError(error);
  }
}

/**
 * The ETag of a part that can be continued, or nothing: without a strong ETag nothing shows that the rest is of
 * the same file and, where the digest of the whole is not known, the part must be what was received.
 */
async function resumable({ sha256 }: Remote, part: string): Promise<string> {
  const text = await Deno.readTextFile(`${part}.etag`).catch(() => "");
  const [etag = "", received] = text.split("\n");
  const isTrusted = sha256 !== undefined || received === await digestOfFile(part);
  return etag.startsWith('"') && isTrusted ? etag : "";
}

/** Empties a file; 0, its size. */
async function emptied(file: Deno.FsFile): Promise<number> {
  await file.truncate();
  return 0;
}

/** The first byte of a partial response. */
function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
}
