import assert from "node:assert/strict";
import { join } from "@std/path";
import { decodeNpz, numbers, strings } from "../../lib/artifact/npz.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { requireOverlap } from "../../lib/responses/overlap.ts";
import type { Shape } from "../../lib/responses/columns.ts";
import { readCsv } from "../../lib/responses/read_csv.ts";
import { copyProject, runIn } from "../copy_project.ts";
import { allowed } from "../support.ts";
import { cells, longCsvOf, parquetOf, wideCsvOf } from "./tables.ts";

const ignore = !allowed("read", "write", "run", "env", "ffi");

async function* bytesOf(content: string | Uint8Array, step = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function csv(text: string, shape: Shape = "auto"): Promise<Observations> {
  return await readCsv(bytesOf(text), "t.csv", { shape });
}

Deno.test({
  name: "parquet, CSV long and CSV wide of one table give the same pool, bit for bit",
  ignore,
  fn: async () => {
    const root = await copyProject();
    const table = cells(24, 150);
    const pool = async (source: string, path: string, ...more: string[]): Promise<string> => {
      const sets = [`responses.source=${source}`, `responses.path=${path}`, ...more];
      const args = sets.flatMap((set) => ["--set", set]);
      const { code, out, err } = await runIn(root, ["build", "cache/pool_mmlupro.npz", ...args]);
      assert.equal(code, 0, out + err);
      const arrays = decodeNpz(await Deno.readFile(join(root, "cache/pool_mmlupro.npz")));
      const { data } = numbers(arrays, "z", Float64Array);
      assert.ok(data.length > 100);
      const bits = new BigUint64Array(data.slice().buffer);
      return JSON.stringify([strings(arrays, "item_id").data, Array.from(bits, String)]);
    };
    try {
      const write = (name: string, data: string): Promise<void> =>
        Deno.writeTextFile(join(root, name), data);
      await Deno.writeFile(join(root, "t.parquet"), await parquetOf(table));
      await write("long.csv", longCsvOf(table));
      await write("wide.csv", wideCsvOf(table));
      const transposed = longCsvOf(table).replace("subject_id,item_id", "item_id,subject_id")
        .replace(/^(model-\d+),("[^"]*")/gm, "$2,$1");
      await write("swapped.csv", transposed);
      await Deno.mkdir(join(root, "parts"));
      const half = Math.floor(table.length / 2);
      await Deno.writeFile(join(root, "parts/1.parquet"), await parquetOf(table.slice(0, half)));
      await Deno.writeFile(join(root, "parts/2.parquet"), await parquetOf(table.slice(half)));
      const first = await pool("parquet", "t.parquet");
      assert.equal(await pool("csv", "long.csv"), first);
      assert.equal(await pool("csv", "wide.csv"), first);
      assert.equal(await pool("csv", "swapped.csv"), first);
      assert.equal(await pool("parquet", "parts"), first);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test("readCsv() reads a transposed table when told to", async () => {
  const wide = indexResponses(await csv("id,x,y\na,1,0\nb,,1\n"), "t").responses;
  const turned = await csv("id,a,b\nx,1,\ny,0,1\n", "wide_transposed");
  assert.deepEqual(indexResponses(turned, "t").responses, wide);
});

Deno.test("readCsv() names the lines of faults, whatever stands between", async () => {
  const long = await csv('\ufeffsubject_id,item_id,response\na,"x\ny",1\n\na,z,yes\na,z\n,z,1\n');
  assert.deepEqual(long.faults, [
    { where: "line 5", what: 'response "yes"' },
    { where: "line 6", what: "2 fields, but the header has 3" },
    { where: "line 7", what: 'subject is missing, item "z"' },
  ]);
  const wide = await csv("m\tx\ty\na\t1\t0\nb\t0\t2\n");
  assert.deepEqual(wide.faults, [{ where: 'line 3, column 3 ("y")', what: 'response "2"' }]);
});

Deno.test("readCsv() takes true and 1.0 as responses, and NA and nothing as missing", async () => {
  const { response, leftOut } = await csv("m,a,b,c,d,e,f\ns,true,False,1.0,0,NA,\n");
  assert.deepEqual([...response.view()], [1, 0, 1, 0]);
  assert.equal(leftOut.notBinary, 0);
  const header = "subject_id,item_id,response,test_condition";
  const long = await csv(`${header}\na,x,1,NA\na,y,1,\na,z,1,hinted\na,w,NA,\n`);
  assert.deepEqual([long.response.length, long.leftOut.testCondition, long.leftOut.missing], [
    2,
    1,
    1,
  ]);
});

Deno.test("readCsv() says what is wrong with a header or a file", async () => {
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ["", /t\.csv: the table has no rows/],
    ["x\ny\n", /line 1: it has one column, "x"\. Separate columns by commas/],
    ["subject_id,item,response\n", /the column item_id is missing; it has .*Rename or add it/],
    ["m,a,a\n", /columns 2 and 3 have the same name, "a"\. Rename one/],
    ['m,a\nx,"1\n', /Quote Not Closed.*line 2/],
    ["model,question,score\na,q1,1\na,q2,0\n", /most cells are neither 0 nor 1|named? the columns/],
    [Uint8Array.of(0x6d, 0x2c, 0xff, 0xfe), /is not UTF-8/],
  ];
  for (const [content, says] of cases) {
    await assert.rejects(
      readCsv(bytesOf(content), "t.csv").then((read) => indexResponses(read, "t.csv")),
      says,
    );
  }
});

Deno.test("readCsv() quotes a cell of the wide table that it refuses, not of one read before", async () => {
  const into = new Observations();
  await readCsv(bytesOf("m,x,y\na,1,100\nb,0,1\n"), "before.csv", { into });
  await assert.rejects(
    readCsv(bytesOf("m,x,y\na,yes,no\nb,no,yes\n"), "t.csv", { into }),
    /t\.csv as a wide table: most .* \(line 2, column 2 \("x"\): response "yes"\)\. Accepted/,
  );
});

Deno.test("readCsv() ends a row that never ends, instead of filling the memory", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('m,a\nx,"');
    const block = new Uint8Array(1 << 20).fill(97);
    for (let i = 0; i < 200; i++) yield block;
  }
  await assert.rejects(readCsv(endless(), "t.csv"), /a row has more than 16777216 bytes, line 2/);
});

function observed(
  rows: readonly (readonly [string, string, string])[],
  wanted?: string[],
): Observations {
  const observations = new Observations(wanted);
  rows.forEach(([benchmark, subject, item], i) =>
    observations.add({ benchmark, subject, item, response: i % 2 }, () => `row ${i + 1}`)
  );
  return observations;
}

Deno.test("indexResponses() keeps equal item ids of two benchmarks apart", () => {
  const rows = [["p", "a", "x"], ["p", "b", "x"], ["q", "a", "x"], ["q", "b", "x"]] as const;
  assert.deepEqual(indexResponses(observed(rows), "t").responses.itemIds, ["p/x", "q/x"]);
  const one = observed(rows, ["q"]);
  assert.deepEqual(indexResponses(one, "t").responses.itemIds, ["x"]);
  assert.equal(one.leftOut.otherBenchmark, 2);
  assert.throws(() => indexResponses(observed(rows, ["r"]), "t"), /it has p, q\./);
});

Deno.test("requireOverlap() says how little two benchmarks share", () => {
  const rows = [["p", "a", "x"], ["p", "b", "x"], ["q", "a", "x"], ["q", "c", "x"]] as const;
  requireOverlap(observed(rows), 0.5, "t");
  assert.throws(
    () => requireOverlap(observed(rows), 0.6, "t"),
    /Cannot join p and q of t: they share 1 of their 2 and 2 subjects, 50\.0 % of the smaller/,
  );
  assert.throws(
    () => requireOverlap(observed(rows, ["p", "r"]), 0, "t"),
    /it has no response of benchmark r; it has p, q/,
  );
});
