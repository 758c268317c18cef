import { UnavailableError } from "../base/errors.ts";

/** When to try again, and how often. Times in ms. */
export interface Patience {
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** Longest wait that a server may ask for. */
  readonly longestAsked: number;
}

/** Some two minutes in all where a server does not say how long. */
export const PATIENCE: Patience = {
  attempts: 7,
  firstWait: 500,
  longestWait: 60_000,
  longestAsked: 300_000,
};

/** A fault that may pass. */
export class PassingFault extends Error {
  override readonly name = "PassingFault";
  /** How long the server asks to wait, in ms. */
  readonly wait: number | undefined;

  constructor(message: string, wait?: number) {
    super(message);
    this.wait = wait;
  }
}

/** What a retry can be told to do otherwise, for tests. */
export interface RetryOptions {
  readonly patience?: Patience;
  /** Says that an attempt failed and how long is waited, in ms. */
  readonly onWait?: (fault: string, wait: number) => void;
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * Does something until it works: after a passing fault it waits, twice as long each time with some
 * jitter, or as long as the server asks, and tries again.
 *
 * @param what Says what is done, for errors.
 * @param attempt Does it; throws {@linkcode PassingFault} when trying again may help.
 * @param options How.
 * @throws {UnavailableError} When no attempt worked.
 */
export async function retry<T>(
  what: string,
  attempt: () => Promise<T>,
  { patience = PATIENCE, onWait, sleep = rest }: RetryOptions = {},
): Promise<T> {
  for (let tried = 1;; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingFault)) throw error;
      const asked = error.wait ?? 0;
      if (tried >= patience.attempts || asked > patience.longestAsked) {
        const after = asked > patience.longestAsked
          ? `it asks to wait ${Math.ceil(asked / 1000)} s`
          : `tried ${tried} times`;
        throw new UnavailableError(
          `Cannot ${what}: ${error.message} (${after}). Is there a network? Run it again later: it ` +
            "goes on from here.",
          { cause: error },
        );
      }
      const own = Math.min(patience.firstWait * 2 ** (tried - 1), patience.longestWait);
      const wait = error.wait ?? own * (0.5 + Math.random() / 2);
      onWait?.(error.message, wait);
      await sleep(wait);
    }
  }
}

/** Statuses after which trying again may help. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** A response of a passing status as a fault, with the wait that its Retry-After asks for. */
export function passingFault(response: Response): PassingFault {
  const { status, headers } = response;
  const name = status === 429 ? "too many requests" : "the server is at fault";
  return new PassingFault(`${name} (status ${status})`, retryAfter(headers.get("retry-after")));
}

/** A Retry-After header, in seconds or as a date, in ms from now; undefined when there is none. */
export function retryAfter(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds * 1000);
}

/** An error of the network itself as a fault that may pass; any other as it is. */
export function networkFault(error: unknown): unknown {
  if (error instanceof Deno.errors.NotCapable) return error;
  const isFetch = error instanceof TypeError &&
    /fetch|request|connection|body/i.test(error.message);
  const isNetwork = isFetch || error instanceof Deno.errors.Http ||
    error instanceof DOMException || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.UnexpectedEof ||
    error instanceof Deno.errors.TimedOut;
  if (!isNetwork) return error;
  const { cause } = error;
  const reason = (cause instanceof Error ? cause.message : error.message).split("\n")[0] ?? "";
  // The address of a content may hold a signature: it is as good as a token.
  return new PassingFault(`the connection failed (${reason.replace(/\?[^\s)]*/g, "")})`);
}

function rest(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
