import assert from "node:assert/strict";
import { join } from "@std/path";
import { download, StatusError } from "../../lib/fetch/download.ts";
import {
  apiFetch,
  BACKOFF,
  guardedFetch,
  IDLE_TIMEOUT,
  reportWaits,
  retry,
  retryAfter,
  TransientError,
} from "../../lib/fetch/http.ts";
import { allowed } from "../support.ts";
import { type Answer, cutAfter, PlayedHub } from "./play_hub.ts";

const ignore = !allowed("net", "read", "write");

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251);
const TOKEN = "hf_a-secret-of-tests";
const FILES = { "b/responses.parquet": BYTES };

/** Fetches the file of a played hub into a temporary folder, without waiting. */
async function fetched(
  answers: readonly Answer[],
  options: {
    readonly attempts?: number;
    readonly sha256?: string;
    readonly times?: number;
    readonly path?: string;
    readonly token?: string;
  } = {},
): Promise<{
  readonly bytes: Uint8Array;
  readonly hub: PlayedHub;
  readonly waits: readonly number[];
  readonly errors: readonly Error[];
  readonly left: readonly string[];
}> {
  const folder = await Deno.makeTempDir({ prefix: "fetch-test-" });
  await using hub = new PlayedHub({ files: FILES, token: TOKEN });
  hub.answers.push(...answers);
  const waits: number[] = [];
  const errors: Error[] = [];
  const path = join(folder, "file");
  const { token = TOKEN } = options;
  const access = { origin: hub.url, hosts: [hub.contentHost], token };
  try {
    for (let time = 0; time < (options.times ?? 1); time++) {
      await download(
        {
          url: `${hub.url}/datasets/o/n/resolve/main/${options.path ?? "b/responses.parquet"}`,
          name: "responses.parquet",
          ...(options.sha256 && { sha256: options.sha256 }),
        },
        path,
        {
          fetch: guardedFetch(access),
          backoff: { ...BACKOFF, attempts: options.attempts ?? BACKOFF.attempts },
          delay: (ms) => {
            waits.push(ms);
            return Promise.resolve();
          },
        },
      ).catch((error) => errors.push(error));
    }
    const bytes = await Deno.readFile(path).catch(() => new Uint8Array());
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    return { bytes, hub, waits, errors, left };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const status = (code: number, headers: Record<string, string> = {}): Answer => () =>
  new Response("no", { status: code, headers });
const ofContent = (answer: () => Response): Answer => (_, seen) =>
  seen.host === "content" ? answer() : undefined;
const cut = (count: number): Answer => ofContent(() => cutAfter(BYTES, count));

Deno.test({
  name: "download() follows a redirect to the host of contents, and leaves the token behind",
  ignore,
  fn: async () => {
    const { bytes, hub, errors, left } = await fetched([]);
    assert.deepEqual(errors, []);
    assert.deepEqual(bytes, BYTES);
    assert.deepEqual(left.toSorted(), ["file", "file.sha256"]);
    assert.deepEqual(hub.seen.map((seen) => [seen.host, seen.authorization]), [
      ["hub", `Bearer ${TOKEN}`],
      ["content", null],
    ]);
  },
});

Deno.test({
  name: "download() does not fetch again what is there",
  ignore,
  fn: async () => {
    const { bytes, hub } = await fetched([], { times: 3 });
    assert.deepEqual(bytes, BYTES);
    assert.equal(hub.seen.length, 2);
  },
});

Deno.test({
  name: "download() goes on by range after a cut, in the same run and in a later one",
  ignore,
  fn: async () => {
    const same = await fetched([cut(100_000), cut(200_000)]);
    assert.deepEqual(same.errors, []);
    assert.deepEqual(same.bytes, BYTES);
    assert.equal(same.hub.seen.filter(({ range }) => range !== null).length > 0, true);

    const later = await fetched([cut(100_000)], { attempts: 1, times: 2 });
    assert.match(
      later.errors[0]?.message ?? "",
      /Cannot fetch responses\.parquet: .*continues where/,
    );
    assert.deepEqual(later.bytes, BYTES);
    assert.match(later.hub.seen.at(-1)?.range ?? "", /^bytes=[1-9]\d*-$/);
  },
});

Deno.test({
  name: "download() starts anew when the file has changed since the cut",
  ignore,
  fn: async () => {
    const other = Uint8Array.from(BYTES, (byte) => byte ^ 1);
    const { bytes, errors } = await fetched([ofContent(() => cutAfter(other, 100_000))]);
    assert.deepEqual(errors, []);
    assert.deepEqual(bytes, BYTES);
  },
});

Deno.test({
  name: "download() waits as long as Retry-After says, and longer each time where it says nothing",
  ignore,
  fn: async () => {
    const { bytes, waits } = await fetched([
      status(429, { "retry-after": "3" }),
      status(503),
      status(500),
      status(502),
    ]);
    assert.deepEqual(bytes, BYTES);
    assert.equal(waits.length, 4);
    assert.equal(waits[0], 3000);
    assert.ok(waits[1]! < waits[2]! * 2 && waits[3]! >= 2000, waits.join());
  },
});

Deno.test({
  name: "download() gives up with words after too many faults, or when asked to wait too long",
  ignore,
  fn: async () => {
    const many = Array.from({ length: 9 }, () => status(503));
    const { errors: [error] } = await fetched(many);
    assert.equal(error?.name, "UnavailableError");
    assert.match(
      error?.message ?? "",
      /the server failed \(status 503\) \(tried 7 times\)/,
    );
    const { errors: [long], waits } = await fetched([status(429, { "retry-after": "86400" })]);
    assert.match(long?.message ?? "", /asks to wait 86400 s/);
    assert.deepEqual(waits, []);
  },
});

Deno.test({
  name: "download() does not retry what it is refused",
  ignore,
  fn: async () => {
    for (const code of [401, 403, 404, 410]) {
      const { errors: [error], hub } = await fetched([status(code)]);
      assert.ok(error instanceof StatusError);
      assert.equal(error.status, code);
      assert.equal(hub.seen.length, 1);
    }
  },
});

Deno.test({
  name: "download() throws bytes of another digest away, and says both",
  ignore,
  fn: async () => {
    const { errors: [error], left } = await fetched([], { sha256: "0".repeat(64) });
    assert.match(
      error?.message ?? "",
      /SHA-256 is [0-9a-f]{64}, but 0{64} is recorded.*deleted/,
    );
    assert.deepEqual(left, []);
  },
});

Deno.test({
  name: "guardedFetch() reaches no other host, no http elsewhere, and no redirect without end",
  ignore,
  fn: async () => {
    const to = (location: string): Answer => () =>
      new Response(null, { status: 302, headers: { location } });
    for (
      const [location, says] of [
        ["https://elsewhere.example/x", /Cannot go to https:\/\/elsewhere\.example: only/],
        ["http://elsewhere.example/x", /only https is used/],
        ["http://127.0.0.1:1/x", /Cannot go to http:\/\/127\.0\.0\.1:1: only/],
        ["file:///etc/hostname", /only https is used/],
      ] as const
    ) {
      const { errors: [error] } = await fetched([to(location)]);
      assert.match(error?.message ?? "", says);
    }
    const loop: Answer = (request, seen) =>
      seen.host === "hub" ? to(request.url)(request, seen) : undefined;
    const { errors: [error] } = await fetched(Array.from({ length: 9 }, () => loop));
    assert.match(error?.message ?? "", /redirects without end/);
  },
});

Deno.test("guardedFetch() refuses http to a host that is not this machine", async () => {
  const fetch = guardedFetch({ origin: "http://hub.example", hosts: [], token: TOKEN });
  await assert.rejects(fetch("http://hub.example/x"), /only https is used/);
});

Deno.test("retryAfter() reads seconds and dates", () => {
  assert.equal(retryAfter("120"), 120_000);
  const now = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");
  assert.equal(retryAfter("Wed, 21 Oct 2026 07:28:30 GMT", now), 30_000);
  assert.equal(retryAfter("Wed, 21 Oct 2026 07:27:30 GMT", now), 0);
  assert.deepEqual([retryAfter(null), retryAfter("soon")], [undefined, undefined]);
});

Deno.test("retry() doubles its waits up to the longest, and lets other errors through", async () => {
  const waits: number[] = [];
  let left = 5;
  const result = await retry("try", () => {
    if (left-- > 0) throw new TransientError("no");
    return Promise.resolve("yes");
  }, {
    backoff: { attempts: 9, timeouts: 9, firstWait: 100, maxWait: 300, maxRetryAfter: 1 },
    delay: (ms) => Promise.resolve(void waits.push(ms)),
  });
  assert.equal(result, "yes");
  [100, 200, 300, 300, 300].forEach((full, i) => {
    assert.ok(waits[i]! >= full / 2 && waits[i]! <= full, waits.join());
  });
  await assert.rejects(retry("try", () => Promise.reject(new RangeError("own"))), RangeError);
});

/** Serves on this machine while something is done. */
async function serving(
  handler: (request: Request, count: number) => Response | Promise<Response>,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  let count = 0;
  const stop = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: stop.signal,
      onListen: () => {},
      onError: () => new Response(),
    },
    (request) => handler(request, count++),
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    stop.abort();
    await server.finished;
  }
}

const FEW = { backoff: { ...BACKOFF, attempts: 2 }, delay: () => Promise.resolve() };
const LONG = 600_000;

/** A body that sends a byte every few ms, without end. */
function drip(ms: number): Response {
  let timer: ReturnType<typeof setInterval> | undefined;
  return new Response(
    new ReadableStream({
      start(controller): void {
        timer = setInterval(() => controller.enqueue(new Uint8Array(1)), ms);
      },
      cancel: () => clearInterval(timer),
    }),
  );
}

Deno.test({
  name: "guardedFetch() cuts a server that accepts and is silent, before and within the body",
  ignore,
  fn: async () => {
    const release = Promise.withResolvers<Response>();
    await serving((_, count) => count < 2 ? release.promise : drip(LONG), async (origin) => {
      const limits = { idle: 50, total: LONG };
      const fetch = guardedFetch({ origin, hosts: [], token: undefined, limits });
      const remote = { url: `${origin}/x`, name: "x.zip" };
      const folder = await Deno.makeTempDir({ prefix: "fetch-test-" });
      for (let time = 0; time < 2; time++) {
        await assert.rejects(
          download(remote, join(folder, "x"), { fetch, ...FEW }),
          /Cannot fetch x\.zip: .* sent no data for 0\.05 s \(tried 2 times\)/,
        );
      }
      release.resolve(new Response());
      await Deno.remove(folder, { recursive: true });
    });
  },
});

Deno.test({
  name: "retry() ends after three attempts that ran into a limit of time, not after seven",
  ignore,
  fn: async () => {
    const release = Promise.withResolvers<Response>();
    await serving(() => release.promise, async (origin) => {
      const limits = { idle: 30, total: LONG };
      const fetch = guardedFetch({ origin, hosts: [], token: undefined, limits });
      const options = { delay: () => Promise.resolve() };
      const folder = await Deno.makeTempDir({ prefix: "fetch-test-" });
      const remote = { url: `${origin}/x`, name: "x.zip" };
      await assert.rejects(
        download(remote, join(folder, "x"), { fetch, ...options }),
        /sent no data for 0\.03 s \(tried 3 times\)/,
      );
      await assert.rejects(
        apiFetch(fetch, options)(`${origin}/list`),
        /sent no data for 0\.03 s \(tried 3 times\)/,
      );
      release.resolve(new Response());
      await Deno.remove(folder, { recursive: true });
    });
    assert.ok(BACKOFF.timeouts * IDLE_TIMEOUT <= 90_000);
  },
});

Deno.test("reportWaits() warns of a reason once, and again before a long wait", () => {
  const warned: string[] = [];
  const onWait = reportWaits((message) => warned.push(message));
  onWait("no connection", 500);
  onWait("no connection", 1000);
  onWait("too many requests (status 429)", 1000);
  onWait("too many requests (status 429)", 60_000);
  assert.deepEqual(warned, [
    "no connection; trying again in 0.5 s",
    "too many requests (status 429); trying again in 1.0 s",
    "too many requests (status 429); trying again in 60.0 s",
  ]);
});

Deno.test({
  name: "apiFetch() cuts an answer that drips without end",
  ignore,
  fn: () =>
    serving(() => drip(5), async (origin) => {
      const fetch = apiFetch(guardedFetch({ origin, hosts: [], token: undefined }), {
        ...FEW,
        total: 100,
      });
      await assert.rejects(fetch(`${origin}/x`), /did not finish within 0\.1 s \(tried 2 times\)/);
    }),
});

Deno.test({
  name:
    "apiFetch() refuses a page that it has had, more pages than a list has, and an endless body",
  ignore,
  fn: async () => {
    const empty = apiFetch(() => Promise.resolve(new Response("[]")), FEW);
    for (let page = 0; page < 1000; page++) await empty(`https://hub.example/${page}`);
    await assert.rejects(empty("https://hub.example/7"), /repeats a page/);
    await assert.rejects(empty("https://hub.example/1000"), /more than 1000 pages/);
    const chunk = new Uint8Array(1 << 20);
    const endless = apiFetch(() =>
      Promise.resolve(
        new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })),
      ), FEW);
    await assert.rejects(endless("https://hub.example/x"), /more than \d+ bytes/);
  },
});

Deno.test({
  name: "download() fetches again what was changed, or was never recorded, and says so",
  ignore,
  fn: () =>
    serving(() => new Response("right"), async (origin) => {
      const fetch = guardedFetch({ origin, hosts: [], token: undefined });
      const folder = await Deno.makeTempDir({ prefix: "fetch-test-" });
      const path = join(folder, "x");
      const said: string[] = [];
      const get = (): Promise<unknown> =>
        download({ url: `${origin}/x`, name: "x" }, path, {
          fetch,
          ...FEW,
          onChanged: (reason) => said.push(reason),
        });
      await get();
      await Deno.writeTextFile(path, "wrong");
      await get();
      await Deno.remove(`${path}.sha256`);
      await get();
      assert.equal(await Deno.readTextFile(path), "right");
      assert.match(said[0]!, /has been changed; fetching it again/);
      assert.match(said[1]!, /was not recorded .*fetching it again/);
      assert.equal(said.length, 2);
      await Deno.remove(folder, { recursive: true });
    }),
});
