import assert from "node:assert/strict";
import { join } from "@std/path";
import { decodeNpz, numbers, strings } from "../../lib/artifact/npz.ts";
import { copyProject, runIn } from "../copy_project.ts";
import { bfclScores } from "../responses/tables.ts";
import { allowed } from "../support.ts";
import { PlayedHub } from "./play_hub.ts";

const ignore = !allowed("net", "read", "write", "run", "env");

const RESPONSES = "cache/responses_mmlupro.npz";
const BFCL_COMMIT = "b4adfc9be5e0c65e8dbb1340c689688eb92a9379";

/** A server of a repository's files, at their paths below the commit. */
function playedRepository(files: Readonly<Record<string, string>>): PlayedHub {
  const encoder = new TextEncoder();
  const bytes = Object.entries(files).map(([path, text]) => [path, encoder.encode(text)] as const);
  const hub = new PlayedHub({ files: Object.fromEntries(bytes) });
  hub.fallback = (request, { path }) =>
    hub.bytes(path.replace(/^\/repo\/[0-9a-f]{40}\//, ""), request);
  return hub;
}

Deno.test({
  name: "bfcl: size, licence and use are said first; what is not there or not whole is told",
  ignore,
  fn: async () => {
    const root = await copyProject();
    const folder = "2024-08-11/score";
    await using hub = playedRepository({
      [`${folder}/claude-2.1/java_score.json`]: bfclScores(6, [2, 5]),
      [`${folder}/claude-2.1/rest_score.json`]: bfclScores(4, []),
      [`${folder}/yi-large-fc/java_score.json`]: bfclScores(6, [1]),
      [`${folder}/yi-large-fc/rest_score.json`]: bfclScores(4, [3]).slice(0, 60),
    });
    const sets = ["responses.source=bfcl", `bfcl.url=${hub.url}/repo`];
    const args = ["build", RESPONSES, ...sets.flatMap((set) => ["--set", set])];
    try {
      const { code, out, err } = await runIn(root, args);
      assert.equal(code, 0, out + err);
      assert.match(
        out.split("\n")[1] ?? "",
        /^note .*fetching 852 files of BFCL from 127.*: about 50 MB\. Licence: none is .* read of them/,
      );
      assert.equal(
        out.match(/is left out: 127\.0\.0\.1:\d+ refuses it \(status 404\)/g)?.length,
        50,
      );
      assert.match(out, /and 798 more files are left out/);
      assert.match(
        out,
        /yi-large-fc\/rest_score\.json: line 2: it is cut short; the file is left out/,
      );
      assert.doesNotMatch(out + err, /launch/);
      assert.match(
        hub.seen[0]?.path ?? "",
        new RegExp(`^/repo/${BFCL_COMMIT}/${folder}/.+_score\\.json$`),
      );
      const arrays = decodeNpz(await Deno.readFile(join(root, RESPONSES)));
      assert.deepEqual(strings(arrays, "subject_id").data, ["claude-2.1", "yi-large-fc"]);
      const { data } = numbers(arrays, "response", Float64Array);
      assert.deepEqual([...data], [1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]);
      assert.deepEqual(new Set(strings(arrays, "item_category").data), new Set(["java", "rest"]));

      const asked = hub.seen.length;
      const strict = await runIn(root, [...args, "--strict"]);
      assert.equal(strict.code, 2, strict.out);
      assert.match(strict.out, /Cannot fetch .*refuses it \(status 404\)/);
      assert.ok(hub.seen.length > asked);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "bfcl and livecodebench take files of one's own, and ask no network",
  ignore,
  fn: async (t) => {
    const root = await copyProject();
    const write = async (path: string, text: string): Promise<void> => {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    };
    const build = async (source: string, path: string): Promise<{ code: number; out: string }> => {
      const sets = [`responses.source=${source}`, `responses.path=${path}`];
      const { code, out, err } = await runIn(root, [
        ...["build", RESPONSES],
        ...sets.flatMap((set) => ["--set", set]),
      ]);
      return { code, out: out + err };
    };
    const table = async (): Promise<readonly unknown[]> => {
      const arrays = decodeNpz(await Deno.readFile(join(root, RESPONSES)));
      const { data } = numbers(arrays, "response", Float64Array);
      return [strings(arrays, "subject_id").data, strings(arrays, "item_id").data, [...data]];
    };
    try {
      await t.step("bfcl", async () => {
        await write("score/m/java_score.json", bfclScores(3, [3]));
        await write("score/n/java_score.json", bfclScores(3, [1, 2]));
        await write("score/README.md", "launch code");
        const { code, out } = await build("bfcl", "score");
        assert.equal(code, 0, out);
        assert.deepEqual(await table(), [
          ["m", "n"],
          ["java/1", "java/2", "java/3"],
          [1, 1, 0, 0, 0, 1],
        ]);
      });
      await t.step("livecodebench", async () => {
        const performances = [["q1", "a", 100], ["q1", "b", 0], ["q2", "a", 50], ["q2", "b", 0]]
          .map(([question_id, model, passed]) => ({ question_id, model, "pass@1": passed }));
        await write("lcb/performances_generation.json", JSON.stringify({ performances }));
        await write("lcb/performances_repair.json", "{}");
        const { code, out } = await build("livecodebench", "lcb");
        assert.equal(code, 0, out);
        assert.deepEqual(await table(), [["a", "b"], ["q1", "q2"], [1, 0.5, 0, 0]]);
      });
      await t.step("a folder without such files", async () => {
        await write("empty/x.txt", "");
        const { code, out } = await build("bfcl", "empty");
        assert.equal(code, 2, out);
        assert.match(out, /Cannot use empty: the folder does not hold the files MODEL\/CATEGORY/);
      });
      await t.step("files that cannot be read", async () => {
        await write("bad/m/java_score.json", "launch code");
        const { code, out } = await build("bfcl", "bad");
        assert.equal(code, 2, out);
        assert.match(out, /Cannot use bad: its only file cannot be read\. Give the folder/);
        assert.doesNotMatch(out, /launch/);
      });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "livecodebench: one file is fetched, of the pinned commit, with its licence said first",
  ignore,
  fn: async () => {
    const root = await copyProject();
    const performances = ["a", "b"].map((model) => ({ question_id: "q", model, "pass@1": 40 }));
    const path = "src/mocks/performances_generation.json";
    await using hub = playedRepository({ [path]: JSON.stringify({ performances }) });
    const sets = ["responses.source=livecodebench", `livecodebench.url=${hub.url}/repo`];
    try {
      const { code, out, err } = await runIn(root, [
        ...["build", RESPONSES],
        ...sets.flatMap((set) => ["--set", set]),
      ]);
      assert.equal(code, 0, out + err);
      assert.match(
        out,
        /note .*fetching 1 file of LiveCodeBench from 127.*3\.1 MB\. Licence: CC BY-SA/,
      );
      assert.deepEqual(hub.seen.map((one) => one.path), [
        `/repo/1568d94d13ea49f17e1e35226669ebdefd6f371c/${path}`,
      ]);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
