import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { openWorkspace } from "../../lib/runner/assess.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import type { Plan } from "../../lib/runner/config/planned.ts";
import { select } from "../../lib/runner/cli/select.ts";
import { digestOf } from "../../lib/base/digest.ts";
import { checkOf } from "../../lib/runner/parse_record.ts";
import type { RunRecord } from "../../lib/runner/record.ts";
import { HttpRemote } from "../../lib/shared_cache/http_remote.ts";
import { pull, type Pulled } from "../../lib/shared_cache/pull.ts";
import { push } from "../../lib/shared_cache/push.ts";
import { allowed } from "../support.ts";
import type { Project } from "../runner/project.ts";
import { createProject, PlayedCache } from "./played_cache.ts";

const ignore = !allowed("net", "read", "write", "run", "env");

const encode = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

/** What a pull of a project gives, and the errors of the cache. */
async function pullInto(
  plan: Plan,
  url: string,
  token?: string,
  trusted: readonly string[] = [],
): Promise<Pulled & { readonly errors: readonly string[] }> {
  const errors: string[] = [];
  const names = select(plan, []);
  const remote = new HttpRemote(url, token, (message) => errors.push(message));
  const pulled = await pull(await openWorkspace(plan), names, remote, {
    wanted: names,
    trusted,
    signal: new AbortController().signal,
    onPulled: () => {},
    onAside: () => {},
  });
  return { ...pulled, errors };
}

/** Asserts that a project's cache has no record, no content and no file in the place of an output. */
async function assertNothing(project: Project): Promise<void> {
  for (const folder of ["records", "contents", "staging", "states"]) {
    const names = (await project.list(`cache/${folder}`)).filter((name) => !name.startsWith("."));
    assert.deepEqual(names, [], folder);
  }
  assert.deepEqual(await project.list("figures"), []);
}

/** Sends the results of a project that has been built. */
async function pushAll(plan: Plan, url: string, signing?: KeyObject): Promise<void> {
  await push(await openWorkspace(plan), select(plan, []), new HttpRemote(url, "secret", fail), {
    trusted: [],
    signing,
    signal: new AbortController().signal,
    onPushed: () => {},
  });
}

function fail(message: string): void {
  throw new Error(message);
}

/** Changes the first record (that of cache/scaled.txt) and, unless told not to, its check. */
function poison(
  { files }: PlayedCache,
  change: (record: RunRecord & { outputs: Record<string, object> }) => object,
  check = true,
): void {
  for (const [path, bytes] of files) {
    const { signature, ...record } = JSON.parse(new TextDecoder().decode(bytes));
    if (!path.startsWith("ac/") || record.target !== "cache/scaled.txt") continue;
    const changed = { ...record, ...change(record) };
    files.set(path, encode({ ...changed, ...check && { check: checkOf(changed) }, signature }));
  }
}

const contents = ({ files }: PlayedCache): string[] =>
  [...files.keys()].filter((path) => path.startsWith("cas/"));

/** An answer without end. */
const endless = (): Response =>
  new Response(
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 16)) }),
  );

const CASES: Readonly<
  Record<string, { readonly spoil: (cache: PlayedCache) => void; readonly says: RegExp }>
> = {
  "a record whose output was changed": {
    spoil: (cache) =>
      poison(
        cache,
        ({ outputs }) => ({ outputs: { scaled: { ...outputs.scaled, digest: digestOf("evil") } } }),
        false,
      ),
    says: /not a record of this key/,
  },
  "a record of other code": {
    spoil: (cache) => poison(cache, ({ manifest }) => ({ manifest: { ...manifest, modules: {} } })),
    says: /not a record of this key/,
  },
  "a record under another's key": {
    spoil: ({ files }) => {
      const [[a, first], [b, second]] = [...files].filter(([path]) => path.startsWith("ac/")) as [
        [string, Uint8Array<ArrayBuffer>],
        [string, Uint8Array<ArrayBuffer>],
      ];
      files.set(a, second).set(b, first);
    },
    says: /not a record of this key/,
  },
  "a record whose output lies elsewhere": {
    spoil: (cache) =>
      poison(cache, ({ outputs }) => ({
        outputs: { scaled: { ...outputs.scaled, path: "../../evil" } },
      })),
    says: /not a record of this key/,
  },
  "a record with one more output": {
    spoil: (cache) =>
      poison(cache, ({ outputs }) => ({
        outputs: { ...outputs, more: { ...outputs.scaled, path: "lib/main.ts" } },
      })),
    says: /not a record of this key/,
  },
  "a record of another target": {
    spoil: (cache) => poison(cache, () => ({ target: "../../evil" })),
    says: /of another target/,
  },
  "a record that speaks to the terminal": {
    spoil: (cache) => poison(cache, () => ({ warnings: ["\u001b[2Jall is well"] })),
    says: /control characters/,
  },
  "a record whose warnings are no texts": {
    spoil: (cache) => poison(cache, () => ({ warnings: [{}] })),
    says: /not a record of this key/,
  },
  "a record that claims a size beyond all bounds": {
    spoil: (cache) =>
      poison(
        cache,
        ({ outputs }) => ({ outputs: { scaled: { ...outputs.scaled, size: 2 ** 50 } } }),
      ),
    says: /is said to have/,
  },
  "a page in place of a record": {
    spoil: (cache) => cache.answer = () => new Response("<html>"),
    says: /not a record of this key/,
  },
  "a record that is nested without end": {
    spoil: (cache) => cache.answer = () => new Response("[".repeat(1 << 20)),
    says: /not a record of this key/,
  },
  "a record without end": {
    spoil: (cache) => cache.answer = endless,
    says: /more than 8388608 bytes/,
  },
  "a content with another digest": {
    spoil: (cache) => {
      for (const path of contents(cache)) cache.files.set(path, encode("41"));
    },
    says: /has another digest/,
  },
  "a content with another size": {
    spoil: (cache) => {
      for (const path of contents(cache)) cache.files.set(path, encode(""));
    },
    says: /has 0 bytes instead of 2/,
  },
  "a content without end": {
    spoil: (cache) => cache.answer = (path) => path.startsWith("cas/") ? endless() : undefined,
    says: /has more than its 2 bytes/,
  },
};

Deno.test({
  name: "pull() refuses what is not what it should be, and writes nothing",
  ignore,
  fn: async (t) => {
    await using owner = await createProject();
    await using reader = await createProject();
    await owner.run("reproduce");
    const plan = async ({ root }: Project): Promise<Plan> =>
      await planWorkflow({ root, results: "figures" }, []);
    const [here, there] = [await plan(owner), await plan(reader)];
    const filled = async (): Promise<PlayedCache> => {
      const cache = new PlayedCache();
      await pushAll(here, cache.url);
      cache.seen.length = 0;
      return cache;
    };
    for (const [name, { spoil, says }] of Object.entries(CASES)) {
      await t.step(name, async () => {
        await using cache = await filled();
        spoil(cache);
        const { refused, pulled, errors } = await pullInto(there, cache.url);
        assert.match(Object.values(refused).join("\n"), says);
        assert.deepEqual([pulled, errors], [[], []]);
        await assertNothing(reader);
      });
    }
    await t.step("a redirect elsewhere, where the token is asked for", async () => {
      await using cache = await filled();
      await using other = await filled();
      const ask = { status: 401, headers: { "www-authenticate": "Bearer" } };
      other.answer = () => new Response("", ask);
      cache.answer = (path) => Response.redirect(`${other.url}/${path}`, 307);
      const { errors, pulled } = await pullInto(there, cache.url, "secret");
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, /Cannot go to http:\/\/127\.0\.0\.1:\d+: only 127/);
      assert.deepEqual([pulled, other.seen], [[], []]);
      assert.ok(cache.seen.every((seen) => seen.endsWith(" Bearer secret")));
      await assertNothing(reader);
    });
    await t.step(
      "a token user:password goes by the scheme Basic, to the origin alone",
      async () => {
        await using cache = await filled();
        await new HttpRemote(cache.url, "user:pass", fail).record(digestOf(""));
        assert.match(cache.seen.join(), / Basic dXNlcjpwYXNz$/);
      },
    );
    await t.step("a redirect of a push elsewhere", async () => {
      await using cache = new PlayedCache();
      await using other = new PlayedCache();
      cache.answer = (path, { method }) =>
        method === "PUT" ? Response.redirect(`${other.url}/${path}`, 308) : undefined;
      await assert.rejects(pushAll(here, cache.url), /Cannot go to/);
      assert.deepEqual(other.seen, []);
    });
    await t.step("an error of the cache is told once, and all is missing", async () => {
      await using cache = await filled();
      cache.answer = () => new Response("", { status: 500 });
      const { errors, missing, refused } = await pullInto(there, cache.url);
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, /the server failed \(status 500\)/);
      assert.deepEqual([missing.length, refused], [2, {}]);
      await assertNothing(reader);
    });
    await t.step(
      "a content that is gone is missing, and its record is not taken over",
      async () => {
        await using cache = await filled();
        contents(cache).forEach((path) => cache.files.delete(path));
        const { missing, refused, errors } = await pullInto(there, cache.url);
        assert.deepEqual([missing.length, refused, errors], [2, {}, []]);
        await assertNothing(reader);
      },
    );
    await t.step("what a bucket forbids counts as not there, which is noted", async () => {
      await using cache = await filled();
      cache.answer = () => new Response("", { status: 403 });
      const remote = new HttpRemote(cache.url, undefined, fail);
      assert.equal(await remote.record(digestOf("")), undefined);
      assert.deepEqual([remote.failed, remote.forbids], [false, true]);
      cache.answer = undefined;
      assert.equal(await remote.record(digestOf("")), undefined);
      assert.equal(remote.forbids, false);
    });
    await t.step("a record that no trusted key has signed", async () => {
      const [mine, other] = [1, 2].map(() => generateKeyPairSync("ed25519"));
      const trusted = [
        mine!.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
      ];
      for (const signing of [undefined, other!.privateKey]) {
        await using cache = new PlayedCache();
        await pushAll(here, cache.url, signing);
        const { refused } = await pullInto(there, cache.url, undefined, trusted);
        assert.match(Object.values(refused).join(), /no key of trusted_keys has signed/);
        await assertNothing(reader);
      }
      await using cache = new PlayedCache();
      await pushAll(here, cache.url, mine!.privateKey);
      poison(cache, () => ({ log: ["other words"] }));
      assert.match(
        Object.values((await pullInto(there, cache.url, undefined, trusted)).refused).join(),
        /no key of trusted_keys has signed/,
      );
      await assertNothing(reader);
      // Whoever signs sends again what is there without a right signature.
      cache.files.clear();
      await pushAll(here, cache.url, mine!.privateKey);
      const { pulled, refused } = await pullInto(there, cache.url, undefined, trusted);
      assert.deepEqual([pulled.length, refused], [2, {}]);
      assert.equal(await reader.read("figures/sum.txt"), "40");
    });
  },
});
