import { UnavailableError } from "../base/errors.ts";
import { type Digest, digestOfFile } from "../base/digest.ts";
import {
  isPassing,
  networkFault,
  PassingFault,
  passingFault,
  retry,
  type RetryOptions,
} from "./retry.ts";

/** A file to be fetched. */
export interface Remote {
  readonly url: string;
  /** What to call it: its path in the repository. */
  readonly name: string;
  /** Bytes, where it is known beforehand. */
  readonly size?: number;
  /** SHA-256, where it is recorded. */
  readonly sha256?: string;
}

/** A file that was fetched. */
export interface Fetched {
  readonly path: string;
  readonly size: number;
  readonly sha256: Digest;
}

/** How to fetch. */
export interface DownloadOptions extends RetryOptions {
  readonly fetch: typeof fetch;
  /** Told the bytes that are there by now, and all where that is known. */
  readonly onBytes?: (have: number, all: number | undefined) => void;
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

/** A connection that sends nothing for so many ms is cut. */
const SILENCE = 60_000;

/** No file of results is larger, in bytes. */
const MAX_SIZE = 4 * 1024 ** 3;

/**
 * Fetches a file, going on where an earlier attempt or run was cut, and checks its digest. The file
 * appears whole or not at all; what is there already is not fetched again.
 *
 * @param remote The file.
 * @param path Where it is to go; a part is kept beside it as `.part`.
 * @param options How.
 * @throws {StatusError} When the server refuses.
 * @throws {UnavailableError} When it fails to the end, or the bytes are not those recorded.
 */
export async function download(
  remote: Remote,
  path: string,
  options: DownloadOptions,
): Promise<Fetched> {
  const part = `${path}.part`;
  using file = await openAlone(part);
  const known = await check(remote, path);
  if (known !== undefined) {
    const now = new Date();
    await Deno.utime(path, now, now);
    await Deno.remove(part);
    options.onBytes?.(known.size, known.size);
    return known;
  }
  await retry(`fetch ${remote.name}`, () => fetchRest(remote, file, part, options), options);
  await file.sync();
  const sha256 = await digestOfFile(part);
  if (remote.sha256 !== undefined && sha256 !== remote.sha256) {
    await Deno.remove(part);
    await Deno.remove(`${part}.etag`).catch(() => {});
    throw new UnavailableError(
      `Cannot use ${remote.name}: its SHA-256 is ${sha256}, but ${remote.sha256} is recorded. The ` +
        "bytes were thrown away; run it again, and if that does not help, the source has changed.",
    );
  }
  await Deno.rename(part, path);
  await Deno.remove(`${part}.etag`).catch(() => {});
  return { path, size: (await Deno.stat(path)).size, sha256 };
}

/** Opens a file and holds it alone: another run that fetches the same is waited for. */
async function openAlone(part: string): Promise<Deno.FsFile> {
  for (;;) {
    const file = await Deno.open(part, { create: true, read: true, write: true });
    await file.lock(true);
    // The other run has renamed or removed it; then the lock got here is of a file without a name.
    const here = await Deno.stat(part).catch(() => undefined);
    if (here !== undefined && here.ino === (await file.stat()).ino) return file;
    file.close();
  }
}

/** The file, if it is there; one that is not what is recorded is removed. */
async function check(remote: Remote, path: string): Promise<Fetched | undefined> {
  const stat = await Deno.stat(path).catch(() => undefined);
  if (stat === undefined) return undefined;
  const sha256 = await digestOfFile(path);
  const right = (remote.sha256 === undefined || remote.sha256 === sha256) &&
    (remote.size === undefined || remote.size === stat.size);
  if (right) return { path, size: stat.size, sha256 };
  await Deno.remove(path);
  return undefined;
}

async function fetchRest(
  remote: Remote,
  file: Deno.FsFile,
  part: string,
  { fetch, onBytes }: DownloadOptions,
): Promise<void> {
  let have = (await file.stat()).size;
  if (remote.size !== undefined && have === remote.size) return;
  const etag = await Deno.readTextFile(`${part}.etag`).catch(() => "");
  // Without a strong ETag nothing says that the rest is of the same file.
  if (have > 0 && !/^"/.test(etag)) {
    await file.truncate();
    have = 0;
  }
  const silence = new AbortController();
  const cut = (): void => silence.abort(new DOMException("it sent nothing", "TimeoutError"));
  let timer = setTimeout(cut, SILENCE);
  try {
    const response = await fetch(remote.url, {
      headers: {
        "accept-encoding": "identity",
        ...(have > 0 && { range: `bytes=${have}-`, "if-range": etag }),
      },
      signal: silence.signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status === 416) {
        await file.truncate();
        throw new PassingFault("the part that was there does not fit the file");
      }
      throw isPassing(response.status) ? passingFault(response) : new StatusError(response);
    }
    if (response.status !== 206 || startOf(response) !== have) {
      if (response.status === 206) {
        await response.body?.cancel();
        await file.truncate();
        throw new PassingFault("the server sent another piece than was asked for");
      }
      await file.truncate();
      have = 0;
    }
    await Deno.writeTextFile(`${part}.etag`, response.headers.get("etag") ?? "");
    const length = Number(response.headers.get("content-length") ?? NaN);
    const all = Number.isNaN(length) ? remote.size : have + length;
    if ((all ?? 0) > MAX_SIZE || (remote.size !== undefined && all !== remote.size)) {
      await response.body?.cancel();
      throw new UnavailableError(
        `Cannot fetch ${remote.name}: it has ${all} bytes, not the ${
          remote.size ?? "few"
        } expected`,
      );
    }
    await file.seek(have, Deno.SeekMode.Start);
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(cut, SILENCE);
      for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
      have += chunk.length;
      if (have > (all ?? MAX_SIZE)) throw new PassingFault("it sent more bytes than it said");
      onBytes?.(have, all);
    }
    if (all !== undefined && have < all) throw new PassingFault("the connection was cut");
  } catch (error) {
    throw networkFault(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The first byte of a partial response. */
function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? NaN);
}
