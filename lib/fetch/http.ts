/**
 * Requests that end: within limits of time and size, to declared hosts alone, and tried again where that
 * may help.
 *
 * @module
 */
import { UnavailableError } from "../base/errors.ts";

/** When to try again, and how often. Times in ms. */
export interface Backoff {
  readonly attempts: number;
  /** Of attempts that run into a limit of time, which take long themselves. */
  readonly timeouts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly firstWait: number;
  readonly maxWait: number;
  /** Longest wait that a server may ask for. */
  readonly maxRetryAfter: number;
}

/** Waits half a minute in all, unless a server says how long. */
export const BACKOFF: Backoff = {
  attempts: 7,
  timeouts: 3,
  firstWait: 500,
  maxWait: 60_000,
  maxRetryAfter: 300_000,
};

/** An error that may pass. */
export class TransientError extends Error {
  override readonly name = "TransientError";
  /** How long the server asks to wait, in ms. */
  readonly wait: number | undefined;

  constructor(message: string, wait?: number) {
    super(message);
    this.wait = wait;
  }
}

/** A limit of time that was reached. */
class TimeLimitError extends TransientError {}

/** How to retry; tests change it. */
export interface RetryOptions {
  readonly backoff?: Backoff;
  /** Called when an attempt failed, with the reason and the wait in ms. */
  readonly onWait?: (reason: string, wait: number) => void;
  readonly delay?: (ms: number) => Promise<void>;
}

/**
 * Does something until it works: after a transient error it waits, twice as long each time with some
 * jitter, or as long as the server asks, and tries again.
 *
 * @param what What is done, for errors: `fetch x.zip`.
 * @param attempt Does it; throws {@linkcode TransientError} when trying again may help.
 * @throws {UnavailableError} When no attempt worked.
 */
export async function retry<T>(
  what: string,
  attempt: () => Promise<T>,
  { backoff = BACKOFF, onWait, delay = sleep }: RetryOptions = {},
): Promise<T> {
  let timeouts = 0;
  for (let tried = 1;; tried++) {
    try {
      return await attempt();
    } catch (cause) {
      if (!(cause instanceof TransientError)) throw cause;
      if (cause instanceof TimeLimitError) timeouts++;
      const asked = cause.wait ?? 0;
      const tooLong = asked > backoff.maxRetryAfter;
      if (tooLong || tried >= backoff.attempts || timeouts >= backoff.timeouts) {
        const after = tooLong
          ? `the server asks to wait ${Math.ceil(asked / 1000)} s`
          : `tried ${tried} times`;
        const remedy = "Check the network and run again: it continues where it stopped.";
        throw new UnavailableError(`Cannot ${what}: ${cause.message} (${after}). ${remedy}`, {
          cause,
        });
      }
      const own = Math.min(backoff.firstWait * 2 ** (tried - 1), backoff.maxWait);
      const wait = cause.wait ?? own * (0.5 + Math.random() / 2);
      onWait?.(cause.message, wait);
      await delay(wait);
    }
  }
}

/** A repeated reason is reported again only before a longer wait, in ms. */
const LONG_WAIT = 30_000;

/**
 * Reports waits: the first for each reason, and each long one.
 *
 * @param warn Receives the reason and the wait.
 * @returns To be used as {@linkcode RetryOptions.onWait}.
 */
export function reportWaits(
  warn: (message: string, once: "once") => void,
): (reason: string, wait: number) => void {
  const reported = new Set<string>();
  return (reason, wait) => {
    if (!reported.has(reason) || wait >= LONG_WAIT) {
      warn(`${reason}; trying again in ${(wait / 1000).toFixed(1)} s`, "once");
    }
    reported.add(reason);
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** The transient error that a response's status is, or undefined: with the wait that its Retry-After asks for. */
export function transientStatus({ status, headers }: Response): TransientError | undefined {
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return undefined;
  const name = status === 429 ? "too many requests" : "the server failed";
  return new TransientError(`${name} (status ${status})`, retryAfter(headers.get("retry-after")));
}

/** A Retry-After header, in seconds or as a date, in ms from now; undefined when there is none. */
export function retryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds * 1000);
}

/** An error of the network itself as a transient one, in a few words; any other as it is. */
export function networkError(error: unknown): unknown {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new TimeLimitError(error.message);
  }
  if (!(error instanceof Error)) return error;
  const isFetch = error instanceof TypeError &&
    /fetch|request|connection|body/i.test(error.message);
  const { Http, ConnectionReset, ConnectionRefused, UnexpectedEof, TimedOut } = Deno.errors;
  const isNetwork = isFetch || error instanceof DOMException ||
    [Http, ConnectionReset, ConnectionRefused, UnexpectedEof, TimedOut].some((type) =>
      error instanceof type
    );
  if (!isNetwork) return error;
  const { message } = error.cause instanceof Error ? error.cause : error;
  // The last part names the reason; the address before it may hold a signature, as good as a token.
  const reason = message.split("\n")[0]!.replace(/https?:\S+/g, "").split(": ").at(-1)!;
  const [host] = /(?<=https?:\/\/)[^/\s)?]+/.exec(message) ?? [];
  return new TransientError(
    `no connection${host === undefined ? "" : ` to ${host}`} (${reason.trim()})`,
  );
}

/** Limits of one request, in ms. */
export interface TimeLimits {
  /** Longest wait for the head of the response, and for each further piece. */
  readonly idle: number;
  /** For the whole response. */
  readonly total: number;
}

/** How long a connection may send nothing before it is cut, in ms. */
export const IDLE_TIMEOUT = 30_000;

/** For a large download, which continues where it was cut. */
const LIMITS: TimeLimits = { idle: IDLE_TIMEOUT, total: 1_200_000 };

/** Where requests may go, and with what. */
export interface Access {
  /** Where requests start, such as `https://huggingface.co`. */
  readonly origin: string;
  /** Further hosts that may be reached, by redirects: `name`, `name:port` or `*.name`. */
  readonly hosts: readonly string[];
  /** Sent to the origin, and to nothing else; `user:password` as the scheme Basic has it. */
  readonly token: string | undefined;
  readonly limits?: TimeLimits;
}

const MAX_REDIRECTS = 5;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Names and addresses of this machine, which nobody can listen to on the way. */
export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A fetch that goes over https to the given hosts alone, within limits of time, and sends the token to its
 * origin alone: each redirect is followed here, one at a time, and one to another origin goes without the
 * token. Plain http is for an origin on this machine, as tests have.
 *
 * @returns To be used in place of `fetch`, for GET and HEAD. It throws {@linkcode UnavailableError} for
 * an address that may not be reached; an authorisation in the request itself is dropped.
 */
export function guardedFetch({ origin, hosts, token, limits = LIMITS }: Access): typeof fetch {
  const home = new URL(origin);
  const isLocal = LOOPBACK.test(home.hostname);
  const check = (url: URL): void => {
    const where = `${url.protocol}//${url.host}`;
    const isPlain = isLocal && url.protocol === "http:" && LOOPBACK.test(url.hostname);
    if (url.protocol !== "https:" && !isPlain) {
      throw new UnavailableError(`Cannot go to ${where}: only https is used`);
    }
    if (url.origin !== home.origin && !hosts.some((host) => matches(host, url))) {
      throw new UnavailableError(
        `Cannot go to ${where}: only ${[home.host, ...hosts].join(", ")} may be reached`,
      );
    }
  };
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      check(url);
      const headers = new Headers(init.headers);
      headers.delete("authorization");
      headers.delete("cookie");
      if (token !== undefined && url.origin === home.origin) {
        headers.set("authorization", authorisation(token));
      }
      const response = await limitedFetch(url, { ...init, headers, redirect: "manual" }, limits);
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null) return response;
      await response.body?.cancel();
      if (!URL.canParse(location, url)) {
        throw new UnavailableError(`Cannot fetch from ${url.host}: it redirects to no address`);
      }
      url = new URL(location, url);
    }
    throw new UnavailableError(`Cannot fetch from ${url.host}: it redirects without end`);
  };
}

function authorisation(token: string): string {
  return token.includes(":") ? `Basic ${btoa(token)}` : `Bearer ${token}`;
}

async function limitedFetch(url: URL, init: RequestInit, limits: TimeLimits): Promise<Response> {
  const stop = new AbortController();
  const after = (ms: number, words: string): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      const message = `${url.host} ${words} ${ms / 1000} s`;
      stop.abort(new DOMException(message, "TimeoutError"));
    }, ms);
  const total = after(limits.total, "did not finish within");
  const wait = (): ReturnType<typeof setTimeout> => after(limits.idle, "sent no data for");
  let idle = wait();
  const end = (): void => [idle, total].forEach(clearTimeout);
  try {
    const signal = AbortSignal.any([stop.signal, ...(init.signal ? [init.signal] : [])]);
    const response = await fetch(url, { ...init, signal });
    const { body, status, statusText, headers } = response;
    if (body === null) {
      end();
      return response;
    }
    const reader = body.getReader();
    const touched = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller): Promise<void> {
        try {
          const { done, value } = await reader.read();
          clearTimeout(idle);
          if (done) {
            end();
            controller.close();
          } else {
            idle = wait();
            controller.enqueue(value);
          }
        } catch (error) {
          end();
          throw error;
        }
      },
      async cancel(reason): Promise<void> {
        end();
        await reader.cancel(reason);
      },
    });
    return new Response(touched, { status, statusText, headers });
  } catch (error) {
    end();
    throw error;
  }
}

/** The host of an address as a task's network permission names it. */
export function hostOf(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

function matches(host: string, url: URL): boolean {
  if (host.startsWith("*.")) return url.port === "" && url.hostname.endsWith(host.slice(1));
  return host === url.host || host === hostOf(url.href);
}

/** Most requests and bytes of one listing. */
const MAX_PAGES = 1000;
const MAX_LISTING = 64 << 20;

/** For one small answer, in ms. */
const API_TIMEOUT = 120_000;

/** How to ask for small answers; tests change it. */
export interface ApiOptions extends RetryOptions {
  /** Longest time of one attempt, in ms. */
  readonly total?: number;
}

/**
 * A fetch for small answers, such as the pages of one listing: transient errors are retried, with the body
 * read whole within the attempt, and neither pages nor bytes are without end.
 *
 * @param base The fetch to be used.
 * @returns A fetch that throws {@linkcode UnavailableError} for an address that it was asked for before.
 */
export function apiFetch(base: typeof fetch, options: ApiOptions = {}): typeof fetch {
  const { total = API_TIMEOUT } = options;
  const pages = new Set<string>();
  let size = 0;
  const read = async ({ body }: Response, host: string): Promise<Blob> => {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > MAX_LISTING) {
        throw new UnavailableError(
          `Cannot ask ${host}: its answers have more than ${MAX_LISTING} bytes`,
        );
      }
      chunks.push(chunk);
    }
    return new Blob(chunks);
  };
  return async (input, init) => {
    const { host, href } = new URL(input instanceof Request ? input.url : input);
    if (pages.has(href) || pages.size >= MAX_PAGES) {
      const reason = pages.has(href) ? "repeats a page" : `has more than ${MAX_PAGES} pages`;
      throw new UnavailableError(`Cannot ask ${host}: its list ${reason}`);
    }
    pages.add(href);
    return await retry(`ask ${host}`, async () => {
      const signal = AbortSignal.timeout(total);
      try {
        const response = await base(input, { ...init, signal });
        const transient = transientStatus(response);
        if (transient !== undefined) {
          await response.body?.cancel();
          throw transient;
        }
        const body = await read(response, host);
        const { status, headers } = response;
        return new Response(status === 204 || status === 304 ? null : body, { status, headers });
      } catch (error) {
        if (!signal.aborted) throw networkError(error);
        throw new TimeLimitError(`${host} did not finish within ${total / 1000} s`);
      }
    }, options);
  };
}
