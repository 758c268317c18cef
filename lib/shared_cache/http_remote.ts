import { UnavailableError } from "../base/errors.ts";
import type { Digest } from "../base/digest.ts";
import {
  type Backoff,
  guardedFetch,
  networkError,
  retry,
  type TimeLimits,
  transientStatus,
} from "../fetch/http.ts";
import type { RecordedOutput } from "../runner/record.ts";
import { TOKEN } from "./settings.ts";
import { readRecord, type Source, writeChecked } from "./source.ts";

/** Limits of a request for something small, and of one for a content, in ms. */
const SMALL: TimeLimits = { idle: 10_000, total: 60_000 };
const LARGE: TimeLimits = { idle: 30_000, total: 1_200_000 };
/** A server sends nothing while it receives a content. */
const UPLOAD: TimeLimits = { idle: 600_000, total: 1_200_000 };

/** To go without the cache is better than to wait long for it. */
const BACKOFF: Backoff = {
  attempts: 3,
  timeouts: 1,
  firstWait: 200,
  maxWait: 2000,
  maxRetryAfter: 10_000,
};

/** Statuses of what is not there; 403, because a public bucket that may not be listed says so. */
const MISSING: readonly number[] = [403, 404, 410];

/** A larger content is sent in pieces, of which not every server knows the sum, in bytes. */
const MAX_WHOLE = 256 << 20;

/**
 * A cache on the network, over Bazel's HTTP protocol: records at `ac/KEY`, contents at `cas/DIGEST`. An
 * error of it is reported once; from then on, nothing is there.
 */
export class HttpRemote implements Source {
  readonly name: string;
  readonly #token: string | undefined;
  readonly #onError: (message: string) => void;
  #failed = false;
  /** The statuses that it answered with. */
  readonly #statuses = new Set<number>();

  /**
   * @param url Address, without a slash at the end.
   * @param token Sent to that origin alone.
   * @param onError Told the first error.
   */
  constructor(url: string, token: string | undefined, onError: (message: string) => void) {
    this.name = url;
    this.#token = token;
    this.#onError = onError;
  }

  /** Whether it cannot be used. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Whether it has given nothing at all, but forbidden everything. */
  get forbids(): boolean {
    return this.#statuses.size === 1 && this.#statuses.has(403);
  }

  async record(key: Digest): Promise<Uint8Array | undefined> {
    return await this.#get(
      `ac/${key}`,
      SMALL,
      undefined,
      ({ body }) => body === null ? undefined : readRecord(body),
    );
  }

  async save(output: RecordedOutput, file: string): Promise<boolean> {
    return await this.#get(`cas/${output.digest}`, LARGE, false, async ({ body }) => {
      await writeChecked(body ?? new Blob([]).stream(), output, file);
      return true;
    });
  }

  /** Whether a content of this size is there. */
  async has({ digest, size }: RecordedOutput): Promise<boolean> {
    const { ok, headers } = await this.#request(`cas/${digest}`, SMALL, { method: "HEAD" });
    return ok && Number(headers.get("content-length") ?? size) === size;
  }

  /** Sends a content. */
  async putContent({ digest, size }: RecordedOutput, path: string): Promise<void> {
    await this.#put(
      `cas/${digest}`,
      async () => size > MAX_WHOLE ? (await Deno.open(path)).readable : await Deno.readFile(path),
    );
  }

  /** Sends a record, whose contents must be there. */
  async putRecord(key: Digest, text: string): Promise<void> {
    await this.#put(`ac/${key}`, () => Promise.resolve(new TextEncoder().encode(text)));
  }

  async #get<T>(
    path: string,
    limits: TimeLimits,
    missing: T,
    take: (response: Response) => T | Promise<T>,
  ): Promise<T> {
    if (this.#failed) return missing;
    try {
      return await this.#attempt(async () => {
        const response = await this.#send(path, limits, {});
        this.#statuses.add(response.status);
        if (response.status === 200) return await take(response);
        await response.body?.cancel();
        if (MISSING.includes(response.status)) return missing;
        throw this.#error(response);
      });
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      if (!this.#failed) this.#onError(error.message);
      this.#failed = true;
      return missing;
    }
  }

  async #put(path: string, body: () => Promise<BodyInit>): Promise<void> {
    await this.#attempt(async () => {
      const response = await this.#send(path, UPLOAD, { method: "PUT", body: await body() });
      await response.body?.cancel();
      if (!response.ok) throw this.#error(response);
    });
  }

  async #request(path: string, limits: TimeLimits, init: RequestInit): Promise<Response> {
    return await this.#attempt(async () => {
      const response = await this.#send(path, limits, init);
      await response.body?.cancel();
      const transient = transientStatus(response);
      if (transient !== undefined && response.status !== 501) throw transient;
      return response;
    });
  }

  async #attempt<T>(attempt: () => Promise<T>): Promise<T> {
    return await retry(`use ${this.name}`, async () => {
      try {
        return await attempt();
      } catch (error) {
        throw networkError(error);
      }
    }, { backoff: BACKOFF });
  }

  async #send(path: string, limits: TimeLimits, init: RequestInit): Promise<Response> {
    const { origin } = new URL(this.name);
    const fetch = guardedFetch({ origin, hosts: [], token: this.#token, limits });
    return await fetch(`${this.name}/${path}`, {
      ...init,
      headers: { "accept-encoding": "identity" },
    });
  }

  #error(response: Response): Error {
    const { status } = response;
    const why = status === 401 || status === 403
      ? `it does not accept ${
        this.#token === undefined ? "requests without a token" : "the token"
      }` +
        `; check ${TOKEN}`
      : status === 405
      ? "it cannot be written to"
      : "this is not an answer of a cache";
    return transientStatus(response) ??
      new UnavailableError(`Cannot use ${this.name}: ${why} (status ${status})`);
  }
}
