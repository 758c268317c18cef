import assert from "node:assert/strict";
import { join } from "@std/path";
import { decodeNpz, strings } from "../../lib/artifact/npz.ts";
import { itemContent, itemIdOf, subjectIdOf } from "../../lib/responses/mmlu_pro.ts";
import { copyProject, type Ended, runIn } from "../copy_project.ts";
import { cells, mmluProRecord, parquetOf, zipOf } from "../responses/tables.ts";
import { allowed } from "../support.ts";
import { cutAfter, PlayedHub } from "./play_hub.ts";

const ignore = !allowed("net", "read", "write", "run", "env");

const TOKEN = "hf_a-secret-of-tests";
const RESPONSES = "cache/responses_mmlupro.npz";

/** All files below a folder of which the bytes hold a text. */
async function holding(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await holding(path, text));
    else if (new TextDecoder("latin1").decode(await Deno.readFile(path)).includes(text)) {
      found.push(path);
    }
  }
  return found;
}

function hubSets(hub: PlayedHub, ...more: readonly string[]): string[] {
  const sets = [
    "responses.source=measurement-db",
    `measurement_db.hub=${hub.url}`,
    `measurement_db.content_hosts=["${hub.contentHost}"]`,
    ...more,
  ];
  return sets.flatMap((set) => ["--set", set]);
}

Deno.test({
  name: "measurement-db: fetched with the token once, joined, and the token is nowhere kept",
  ignore,
  fn: async () => {
    const root = await copyProject();
    await using hub = new PlayedHub({
      token: TOKEN,
      files: {
        "README.md": new Uint8Array(1),
        "mmlupro/responses.parquet": await parquetOf(cells(12, 30), "mmlupro"),
        "mmlupro/raw/responses.parquet": new Uint8Array(3),
        "bbq/formatted_tables/responses.parquet": await parquetOf(cells(9, 20, "item"), "bbq"),
        "other/responses.parquet": await parquetOf(cells(1, 1), "other"),
      },
    });
    try {
      await Deno.mkdir(join(root, "hub"));
      await Deno.writeTextFile(join(root, "hub", "token"), `${TOKEN}\n`);
      hub.answers.push((_, seen) =>
        seen.host === "content"
          ? new Response(`${TOKEN}`, { status: 429, headers: { "retry-after": "0" } })
          : undefined
      );
      const both = hubSets(hub, "responses.benchmarks=[mmlupro, bbq]");
      const env = { HF_HOME: join(root, "hub"), HF_TOKEN: TOKEN };
      const first = await runIn(root, ["build", RESPONSES, ...both], env);
      assert.equal(first.code, 0, first.out + first.err);
      assert.match(
        first.out,
        /note .*fetching 2 files of bbq, mmlupro from 127\.\S+: [\d.]+ KiB\. Licence: each benchmark/,
      );
      const ids = strings(decodeNpz(await Deno.readFile(join(root, RESPONSES))), "item_id").data;
      assert.equal(ids.filter((id) => id.startsWith("mmlupro/item-")).length, 30);
      assert.equal(ids.filter((id) => id.startsWith("bbq/item-")).length, 20);
      assert.ok(
        hub.seen.every(({ host, authorization }) =>
          authorization === (host === "hub" ? `Bearer ${TOKEN}` : null)
        ),
      );
      await Deno.remove(join(root, "hub"), { recursive: true });
      for (const kept of [root]) assert.deepEqual(await holding(join(kept, "cache"), TOKEN), []);
      assert.doesNotMatch(first.out + first.err, new RegExp(TOKEN));

      const asked = hub.seen.length;
      await runIn(root, ["clean"]);
      const again = await runIn(root, ["build", RESPONSES, ...both], { HF_TOKEN: "" });
      assert.match(again.out, /0 built, 2 restored/);
      assert.equal(hub.seen.length, asked);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "measurement-db: each refusal ends in the words that help",
  ignore,
  fn: async (t) => {
    const root = await copyProject();
    await using hub = new PlayedHub({
      token: TOKEN,
      files: {
        "mmlupro/responses.parquet": await parquetOf(cells(6, 10)),
        "bbq/response.parquet": await parquetOf(
          cells(6, 10).map((cell) => ({
            ...cell,
            subject: cell.subject === "model-00" ? cell.subject : `other-${cell.subject}`,
          })),
        ),
        "text/responses.parquet": new TextEncoder().encode("no parquet"),
      },
    });
    const build = async (
      token: string,
      sets: readonly string[] = [],
      target = "cache/measurement_db.zip",
    ): Promise<Ended> =>
      await runIn(root, ["build", target, ...hubSets(hub, ...sets)], { HF_TOKEN: token });
    const cases: Record<string, readonly [() => Promise<Ended>, number, RegExp]> = {
      "no token": [() => build(""), 2, /status 401\); it may be private\. See http.* Set HF_TOKEN/],
      "a wrong token": [() => build("hf_wrong-wrong-wrong"), 2, /status 401/],
      "gated": [
        () => {
          hub.answers.push((_, seen) =>
            seen.path.includes("/resolve/") ? new Response(null, { status: 403 }) : undefined
          );
          return build(TOKEN);
        },
        2,
        /access is gated \(status 403\)\. See http:.*\/datasets\/aims-foundations.* Ask for access/,
      ],
      "an unknown revision": [
        () => {
          hub.answers.push(() => new Response("no", { status: 404 }));
          return build(TOKEN, ["measurement_db.revision=nope"]);
        },
        2,
        /no revision nope \(status 404\)/,
      ],
      "an unknown benchmark": [
        () => build(TOKEN, ["responses.benchmarks=[mmluproo]"]),
        2,
        /no responses of it; did you mean mmlupro\?/,
      ],
      "a wrong digest": [
        () => {
          const other = new Response(new Uint8Array(hub.sizeOf("mmlupro/responses.parquet")));
          hub.answers.push((_, seen) => seen.host === "content" ? other : undefined);
          return build(TOKEN);
        },
        1,
        /its SHA-256 is .* is recorded/,
      ],
      "a file that is no parquet": [
        () => build(TOKEN, ["responses.benchmarks=[text]"], RESPONSES),
        2,
        /Cannot read text\/responses\.parquet as parquet/,
      ],
      "too little overlap": [
        () => build(TOKEN, ["responses.benchmarks=[mmlupro, bbq]"], RESPONSES),
        2,
        /Cannot join bbq and mmlupro of .*: they share 1 of their 6 and 6 subjects, 16\.7 % of the/,
      ],
      "a host that is not declared": [
        () => build(TOKEN, ["measurement_db.content_hosts=[]"]),
        1,
        /Cannot go to http:\/\/127\.0\.0\.1:\d+: only 127\.0\.0\.1:\d+ may be reached/,
      ],
      "the hub's own http elsewhere": [
        () => build(TOKEN, ["measurement_db.hub=http://hub.example"]),
        1,
        /only https is used/,
      ],
    };
    try {
      for (const [name, [run, code, says]] of Object.entries(cases)) {
        await t.step(name, async () => {
          await Deno.remove(join(root, "cache"), { recursive: true }).catch(() => {});
          const ended = await run();
          assert.equal(ended.code, code, ended.out + ended.err);
          assert.match(ended.out + ended.err, says);
          assert.doesNotMatch(ended.out + ended.err, /\n\s+at |hf_a-secret|hf_wrong/);
        });
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "measurement-db: a token of two lines is refused by the name of its variable or file",
  ignore,
  fn: async () => {
    const root = await copyProject();
    await using hub = new PlayedHub({ token: TOKEN, files: {} });
    const path = join(root, "token");
    const value = `${TOKEN}\nhf_another-secret`;
    await Deno.writeTextFile(path, `${value}\n`);
    const envs = {
      HF_TOKEN: { HF_TOKEN: value },
      [`the token in ${path}`]: { HF_TOKEN: undefined, HF_TOKEN_PATH: path },
    };
    try {
      for (const [source, env] of Object.entries(envs)) {
        for (const more of [[], ["--json"]]) {
          const args = ["build", "cache/measurement_db.zip", ...hubSets(hub), ...more];
          const { code, out, err } = await runIn(root, args, env);
          assert.equal(code, 2, out + err);
          assert.ok(
            (out + err).includes(`Cannot use ${source}: it contains a line break.`),
            out + err,
          );
          assert.doesNotMatch(out + err, /hf_a|\n\s+at /);
        }
      }
      assert.deepEqual(hub.seen, []);
      assert.deepEqual(await holding(join(root, "cache"), "hf_another"), []);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name:
    "mmlu-pro: without a network there is one warning, and the next run starts with its own words",
  ignore,
  fn: async () => {
    const root = await copyProject();
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = closed.addr as Deno.NetAddr;
    closed.close();
    const url = `mmlu_pro.url=http://127.0.0.1:${port}/repo`;
    const args = ["build", RESPONSES, "--set", "responses.source=mmlu-pro", "--set", url];
    try {
      const { code, out, err } = await runIn(root, args);
      assert.equal(code, 1, out + err);
      const [notice = "", ...warnings] = out.split("\n")
        .filter((line) => /^(note|warning) /.test(line));
      assert.match(
        notice,
        /fetching 48 files of MMLU-Pro from 127\..*: about 200 MB\. Licence: Apache-2\.0\. They are kept/,
      );
      assert.equal(warnings.length, 1, out);
      assert.ok(warnings[0]!.length < 160, warnings[0]);
      assert.match(out, /failed .*no connection to 127\.0\.0\.1:\d+ .*tried 7 times/);
      const again = await runIn(root, args);
      assert.match(again.out, /^run {7}cache\/mmlu_pro\.zip: its last run failed\n/);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "responses.path that is not there is one error, about that file",
  ignore,
  fn: async () => {
    const root = await copyProject();
    try {
      const sets = ["responses.source=csv", "responses.path=nofile.csv"];
      const args = ["reproduce", ...sets.flatMap((set) => ["--set", set])];
      const { code, out, err } = await runIn(root, args);
      assert.equal(code, 2, out + err);
      assert.match(
        err,
        /^--set responses\.path: there is no file or folder nofile\.csv; give .*\n$/,
      );
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "mmlu-pro: fetched without a login, cut and resumed; what is not there is told",
  ignore,
  fn: async () => {
    const root = await copyProject();
    const own = "model_outputs_Yi-6B_5shots";
    const other = "model_outputs_gpt4o(2024-05-13)_5shots";
    const preds = (k: number): unknown[] =>
      Array.from({ length: 8 }, (_, i) => mmluProRecord(i + 1, (i + k) % 3 ? "A" : "B"));
    const large = zipOf(`${own}.json`, preds(0));
    const files: Record<string, Uint8Array<ArrayBuffer>> = {
      [`${own}.zip`]: large,
      [`${other}.zip`]: zipOf("x.json", preds(1)),
    };
    await using hub = new PlayedHub({ files });
    let cuts = 1;
    hub.fallback = (_, { path }) => {
      const name = decodeURIComponent(path.split("/eval_results/")[1] ?? "");
      const bytes = files[name];
      if (bytes === undefined) return new Response(null, { status: 404 });
      return cuts-- > 0 ? cutAfter(bytes, 50) : hub.bytes(name, _);
    };
    const args = ["--set", "responses.source=mmlu-pro", "--set", `mmlu_pro.url=${hub.url}/repo`];
    try {
      const { code, out, err } = await runIn(root, ["build", RESPONSES, ...args]);
      assert.equal(code, 0, out + err);
      assert.equal(
        out.match(/is left out: 127\.0\.0\.1:\d+ refuses it \(status 404\)/g)?.length,
        46,
      );
      const arrays = decodeNpz(await Deno.readFile(join(root, RESPONSES)));
      assert.deepEqual(
        strings(arrays, "subject_id").data,
        [subjectIdOf("Yi-6B"), subjectIdOf("gpt4o(2024-05-13)")].sort(),
      );
      const item = itemIdOf(itemContent(" Which of 3?\f", ["one", "two", "three"]));
      assert.ok(strings(arrays, "item_id").data.includes(item));
      assert.ok(hub.seen.some(({ range }) => range === "bytes=50-") || cuts < 0);
      assert.match(
        hub.seen[0]?.path ?? "",
        /\/repo\/f418b116db00b065c2aea046518d8fcf74d39872\/eval_results\//,
      );

      const strict = await runIn(root, ["build", RESPONSES, ...args, "--strict"]);
      assert.equal(strict.code, 2);
      assert.match(strict.out, /Cannot fetch model_outputs_.*refuses it \(status 404\)/);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "a fetch that is interrupted goes on by range in the next run, with its progress in bytes",
  ignore,
  fn: async () => {
    const root = await copyProject();
    const table = await parquetOf(cells(40, 2000));
    await using hub = new PlayedHub({ files: { "mmlupro/responses.parquet": table } });
    const half = Math.floor(table.length / 2);
    hub.answers.push((request, seen) => {
      if (seen.host !== "content") return undefined;
      const whole = hub.bytes("mmlupro/responses.parquet", request);
      const body = new ReadableStream<Uint8Array>({
        // The rest never comes.
        start: (controller) => controller.enqueue(table.slice(0, half)),
      });
      return new Response(body, {
        headers: { "content-length": String(table.length), etag: whole.headers.get("etag") ?? "" },
      });
    });
    const args = ["build", "cache/measurement_db.zip", "--json", ...hubSets(hub)];
    try {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--allow-all", "lib/main.ts", ...args],
        cwd: root,
        env: { HF_TOKEN: "", HF_HOME: root },
        stdout: "piped",
      }).spawn();
      let told = "";
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        told += text;
        if (/KiB of/.test(told)) child.kill("SIGINT");
      }
      assert.equal((await child.status).code, 130, told);
      assert.match(told, /"message":"[\d.]+ KiB of [\d.]+ KiB, file 1 of 1"/);
      const again = await runIn(root, args);
      assert.equal(again.code, 0, again.out);
      assert.match(hub.seen.at(-1)?.range ?? "", /^bytes=[1-9]\d*-$/);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
