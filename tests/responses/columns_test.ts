import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "@std/path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { readTables, sourceAt } from "../../lib/responses/read_tables.ts";
import {
  BINARY_RULE,
  FRACTION,
  MISSING,
  NOT_BINARY,
  responder,
} from "../../lib/responses/values.ts";
import type { Columns } from "../../lib/responses/columns.ts";
import { allowed } from "../support.ts";

const ignore = !allowed("read", "write");

/** Subject, item and response of each cell of a table in a file. */
async function cellsOf(
  name: string,
  bytes: Uint8Array,
  columns: Columns,
  values: Readonly<Record<string, number | null>> = {},
): Promise<readonly string[]> {
  const folder = await Deno.makeTempDir({ prefix: "columns-" });
  try {
    const path = join(folder, name);
    await Deno.writeFile(path, bytes);
    const into = new Observations(null, { ...BINARY_RULE, values });
    const format = name.includes("parquet") ? "parquet" : "csv";
    await readTables(path, name, format, { into, columns });
    const { subjectIds, itemIds, subject, item, response } = indexResponses(into, name).responses;
    return Array.from(response, (y, n) => `${subjectIds[subject[n]!]} ${itemIds[item[n]!]} ${y}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const COLUMNS = { subject: "Model", item: "doc_id", response: "acc" };
const CSV = new TextEncoder().encode(
  ",model,DOC_ID,acc\n0,a,q1,yes\n1,a,q2,no\n2,b,q1,skip\n3,b,q2,1\n",
);
const VALUES = { yes: 1, No: 0, skip: null };
const CELLS = ["a q1 1", "a q2 0", "b q2 1"];

Deno.test({
  name: "readTables() takes columns of other names, whatever their case, and values that are given",
  ignore,
  fn: async () => {
    assert.deepEqual(await cellsOf("t.csv", CSV, COLUMNS, VALUES), CELLS);
    assert.deepEqual(await cellsOf("t.csv.gz", gzipSync(CSV), COLUMNS, VALUES), CELLS);
    const parquet = new Uint8Array(parquetWriteBuffer({
      columnData: [
        { name: "MODEL", type: "STRING", data: ["a", "a", "b", "b"] },
        { name: "doc_id", type: "STRING", data: ["q1", "q2", "q1", "q2"] },
        { name: "acc", type: "STRING", data: ["yes", "no", "skip", "1"] },
      ],
    }));
    assert.deepEqual(await cellsOf("t.parquet", parquet, COLUMNS, VALUES), CELLS);
    assert.deepEqual(await cellsOf("t.parquet.gz", gzipSync(parquet), COLUMNS, VALUES), CELLS);
    await assert.rejects(
      cellsOf("t.parquet", parquet, {}),
      /columns subject_id and item_id and resp/,
    );
    const cut = gzipSync(CSV).subarray(0, 40);
    await assert.rejects(
      cellsOf("t.csv.gz", cut, COLUMNS),
      /Cannot read t\.csv\.gz.*cut or damaged/,
    );
  },
});

Deno.test("responder() keeps, refuses or rounds what lies between 0 and 1", () => {
  const refuse = responder(BINARY_RULE);
  assert.deepEqual([0, "1", 0.5, "0.5", ".5e0", 2, "x", "", NaN].map(refuse), [
    ...[0, 1, FRACTION, FRACTION, FRACTION, NOT_BINARY, NOT_BINARY, MISSING, MISSING],
  ]);
  const keep = responder({ values: { half: 0.5 }, fractions: "keep" });
  assert.deepEqual(["half", 0.25, "0.75", -0.1].map(keep), [0.5, 0.25, 0.75, NOT_BINARY]);
  const cut = responder({ values: { 1: 0 }, fractions: { at_least: 0.5 } });
  assert.deepEqual([1, "1", 0.49, 0.5].map(cut), [0, 0, 0, 1]);
});

Deno.test({
  name: "readTables() skips a first column that numbers the rows, as pandas and R write it",
  ignore,
  fn: async () => {
    const of = async (text: string, values = {}): Promise<readonly string[]> =>
      await cellsOf("t.csv", new TextEncoder().encode(text), {}, values);
    const cells = ["a q1 1", "a q2 0", "b q1 0", "b q2 1"];
    for (const name of ["", '""', "Unnamed: 0", "index", "level_0", "row.names"]) {
      for (const first of [0, 1, 17]) {
        const text = `${name},m,q1,q2\n${first},a,1,0\n${first + 1},b,0,1\n`;
        assert.deepEqual(await of(text), cells, text);
      }
    }
    const ids = ["0 q1 1", "0 q2 0", "1 q1 0", "1 q2 1"];
    assert.deepEqual(await of(",q1,q2\n0,1,0\n1,0,1\n"), ids);
    const words = ",q1,q2\n0,yes,no\n1,no,yes\n";
    assert.deepEqual(await of(words, { yes: 1, no: 0 }), ids);
    assert.deepEqual(await of("m,q1,q2\na,1,0\nb,0,1\n"), cells);
  },
});

Deno.test({
  name: "sourceAt() goes by what files hold where their names say little",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "source-" });
    const line = '{"subject_id": "s", "responses": {"q": 1}}\n';
    const of = async (files: Readonly<Record<string, string>>, path = ""): Promise<string> => {
      const root = await Deno.makeTempDir({ dir: folder });
      for (const [name, text] of Object.entries(files)) {
        await Deno.writeTextFile(join(root, name), text);
      }
      return await sourceAt(join(root, path), "it");
    };
    try {
      assert.equal(await of({ "t.csv": "m,q\na,1\n", "package.json": "{}" }), "csv");
      assert.equal(await of({ "t.csv": "m,q\na,1\n", "t.jsonl": line }), "evals");
      assert.equal(await of({ "t.jsonlines": line, "README": "" }), "evals");
      assert.equal(await of({ "t.dat": line }, "t.dat"), "evals");
      assert.equal(await of({ "settings.json": "{}" }), "evals");
      assert.equal(await of({ "cut.eval": "PK", "t.tsv": "m\tq\n" }), "csv");
      await assert.rejects(of({ "t.dat": "x" }, "t.dat"), /its ending is none of \.csv/);
      await assert.rejects(of({ "t.xlsx": "PK" }, "t.xlsx"), /it is a workbook\. Save its sheet/);
      await assert.rejects(of({ "t.csv": "", "t.parquet": "" }), /both CSV and parquet/);
      await assert.rejects(of({ "notes": "x" }), /the folder holds no table/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
