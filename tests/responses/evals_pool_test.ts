import assert from "node:assert/strict";
import { join } from "@std/path";
import { decodeNpz, numbers, strings } from "../../lib/artifact/npz.ts";
import { copyProject, type Ended, runIn } from "../copy_project.ts";
import { allowed } from "../support.ts";
import {
  everyEvalEverLine,
  inspectArchive,
  inspectLog,
  lines,
  lmEvalLine,
  lmEvalResults,
  SECRET,
  writeFiles,
} from "./evals_fixtures.ts";
import { cells } from "./tables.ts";

const TASK = "arc_easy";

/** The same table as logs of three kinds, and as CSV with names of its own. */
function tables(): Record<string, string | Uint8Array> {
  const rows = cells(24, 150).filter(({ response }) => response !== null).map((cell) => {
    const line = lmEvalLine(Number(/\d+/.exec(cell.item)?.[0]), { acc: cell.response });
    return { ...cell, line, hash: String(line["doc_hash"]) };
  });
  const files: Record<string, string | Uint8Array> = {};
  const csv = ["Model,doc,task,verdict"];
  for (const [subject, own] of Map.groupBy(rows, ({ subject }) => subject)) {
    const folder = `lm/${subject}`;
    files[`${folder}/samples_${TASK}_2025-01-01T00-00-00.0.jsonl`] = lines(
      own.map(({ line }) => line),
    );
    files[`${folder}/results_2025-01-01T00-00-00.0.json`] = lmEvalResults(subject, { [TASK]: 1 });
    files[`inspect/${subject}.eval`] = inspectArchive(inspectLog(
      subject,
      TASK,
      own.toReversed().map(({ hash, response }) => ({
        id: hash,
        scores: { choice: response === 1 ? "C" : "I" },
      })),
    ));
    files[`eee/${subject}/x_samples.jsonl`] = lines(
      own.map(({ hash, response }) =>
        everyEvalEverLine(subject, TASK, "q", { score: 0, is_correct: response === 1 }, hash)
      ),
    );
    for (const { hash, response } of own) {
      csv.push(`${subject},${hash},${TASK},${response === 1 ? "right" : "Wrong"}`);
    }
  }
  files["own/table.csv"] = csv.join("\n");
  return files;
}

/** What the CSV needs to be understood. */
const NAMES = [
  "responses.columns={subject: model, item: DOC, response: verdict, benchmark: task}",
  "responses.values={right: 1, wrong: 0}",
];

Deno.test({
  name: "lm-eval, Inspect, Every Eval Ever and CSV of one table give the same pool, bit for bit",
  ignore: !allowed("read", "write", "run", "env", "ffi"),
  fn: async (t) => {
    const root = await copyProject();
    const run = (args: readonly string[], sets: readonly string[]): Promise<Ended> =>
      runIn(root, [...args, ...sets.flatMap((set) => ["--set", set])]);
    const pool = async (source: string, path: string, more: readonly string[]): Promise<string> => {
      const sets = [`responses.source=${source}`, `responses.path=${path}`, ...more];
      const { code, out, err } = await run(["build", "cache/pool_mmlupro.npz"], sets);
      assert.equal(code, 0, out + err);
      assert.doesNotMatch(out + err, /launch code/);
      const arrays = decodeNpz(await Deno.readFile(join(root, "cache/pool_mmlupro.npz")));
      const { data } = numbers(arrays, "z", Float64Array);
      const bits = new BigUint64Array(data.slice().buffer);
      return JSON.stringify([strings(arrays, "item_id").data, Array.from(bits, String)]);
    };
    try {
      await writeFiles(root, tables());
      const first = await pool("csv", "own/table.csv", NAMES);
      for (const folder of ["lm", "inspect", "eee"]) {
        await t.step(folder, async () => {
          assert.equal(await pool("evals", folder, []), first);
        });
      }
      await t.step("validate ends with a command that carries every --set, quoted", async () => {
        const given = await run(["data", "validate", "own/table.csv"], NAMES);
        assert.equal(given.code, 0, given.out);
        const [, command = ""] = /can be used:\n {2}deno task (reproduce .*)\n$/.exec(given.out) ??
          [];
        assert.equal(
          command,
          "reproduce --set responses.source=csv --set responses.path=own/table.csv " +
            NAMES.map((set) => `--set '${set}'`).join(" "),
        );
        await Deno.copyFile(join(root, "own/table.csv"), join(root, "own/it's mine.csv"));
        const args = [
          "data",
          "validate",
          "own/it's mine.csv",
          "--device=cpu",
          "--strict",
          "--fast",
        ];
        assert.match(
          (await run(args, NAMES)).out,
          /path=own\/it'\\''s mine\.csv' .*\}' --device cpu --strict --fast\n$/,
        );
        const logs = await run(["data", "validate", "inspect"], []);
        assert.match(logs.out, /--set responses\.source=evals --set responses\.path=inspect\n$/);
      });
      await t.step("validate works from the folder where one stands", async () => {
        const { code, out } = await runIn(root, ["data", "validate", "../inspect/"], {
          INIT_CWD: join(root, "lm"),
        });
        assert.equal(code, 0, out);
        assert.match(out, /responses\.path=inspect\/?\n$/);
      });
      await t.step("validate refuses what reproduce would refuse", async () => {
        const few = await run(["data", "validate", "inspect"], ["items.min_subjects=25"]);
        assert.equal(few.code, 2, few.out);
        const factors = await run(["data", "validate", "inspect"], ["factors.n=24"]);
        assert.match(factors.out + factors.err, /factors\.n/);
        assert.equal(factors.code, 2);
        const columns = await run(
          ["data", "validate", "own/table.csv"],
          ["responses.columns={subject:model}"],
        );
        assert.equal(columns.code, 2);
        assert.match(columns.err, /columns of .*: expected such as .* blank after each colon/);
        const bare = await run(["data", "validate", "own/table.csv"], []);
        assert.equal(bare.code, 2, bare.out);
      });
      await t.step("no text of a prompt is in the cache", async () => {
        const { code } = await new Deno.Command("grep", {
          args: ["-rqa", SECRET, "cache"],
          cwd: root,
          stdout: "null",
        }).output();
        assert.equal(code, 1);
      });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
