import assert from "node:assert/strict";
import { zipSync } from "fflate";
import { checkPages } from "../../lib/responses/check_pages.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { readCsv } from "../../lib/responses/read_csv.ts";
import { readMmluPro } from "../../lib/responses/read_mmlu_pro.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { indexed } from "../../lib/responses/read_responses.ts";
import { readStruct } from "../../lib/responses/thrift.ts";
import { idOf } from "../../lib/responses/values.ts";
import { mmluProRecord } from "./tables.ts";

async function* bytesOf(content: string | Uint8Array, step = 3): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

const csv = (text: string | Uint8Array): Promise<Observations> => readCsv(bytesOf(text), "t.csv");

/** What is warned of a table, in one text. */
function warnings(observations: Observations): string {
  const told: string[] = [];
  const warn = (message: string): void => void told.push(message);
  indexed(observations, "t", {}, { minOverlap: 0, strict: false, warn });
  return told.join("\n");
}

Deno.test("readCsv() takes every end of a line, however they are mixed", async () => {
  const rows = ["response,subject_id,item_id", "1,a,x", "0,a,y", "1,b,x", "0,b,y"];
  for (const ends of [["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\r", "\n", "\r\n", "\r\r\n"]]) {
    const text = rows.map((row, i) => row + ends[i % ends.length]).join("");
    const { subjects, items, rows: n } = await csv(text);
    assert.deepEqual([subjects, items.map(({ id }) => id), n], [["a", "b"], ["x", "y"], 4]);
  }
});

Deno.test("readCsv() finds the delimiter whatever stands in names", async () => {
  const tables = {
    tabs: "subject_id\titem_id\tresponse\tnote, of, a, rater\na, b\tx, y\t1\tz\n",
    semicolons: "m;p, q, r;s, t, u\na;1;0\nb;0;1\n",
    "a quoted line break": 'm,"one\nor; two; three","four"\na,1,0\nb,0,1\n',
    "a header alone": "m,a,b\n",
  };
  const found: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(tables)) {
    const { subjects, items, leftOut } = await csv(text);
    found[name] = [subjects, items.map(({ id }) => id), leftOut.malformed];
  }
  assert.deepEqual(found, {
    tabs: [["a, b"], ["x, y"], 0],
    semicolons: [["a", "b"], ["p, q, r", "s, t, u"], 0],
    "a quoted line break": [["a", "b"], ["one\nor; two; three", "four"], 0],
    "a header alone": [[], [], 0],
  });
});

Deno.test("readCsv() reads ids without outer white space, in headers and fields, and warns", async () => {
  const long = await csv("subject_id,item_id,response\na,x,1\na ,x\u00a0,0\n , y,1\n");
  assert.deepEqual([long.subjects, long.items.map(({ id }) => id)], [["a"], ["x", "y"]]);
  assert.equal(long.leftOut.noId, 1);
  assert.match(warnings(long), /3 ids are written with outer white space, such as "x\s"/);
  const wide = await csv("m,x ,y\na ,1,0\nNA,1,1\n");
  assert.deepEqual([wide.subjects, wide.items.map(({ id }) => id)], [["a"], ["x", "y"]]);
  assert.deepEqual(wide.faults, [{ where: "line 3", what: "no id in column 1" }]);
});

Deno.test("readCsv() skips the index that pandas writes, and only that", async () => {
  const indexed = await csv(",model,x,y\n0,a,1,0\n1,b,0,1\n");
  assert.deepEqual(indexed.subjects, ["a", "b"]);
  assert.match(indexed.notes.join(), /numbers the rows/);
  assert.deepEqual((await csv(",x,y\n0,1,0\n1,0,1\n")).subjects, ["0", "1"]);
});

Deno.test("readCsv() names the byte and the line that are not UTF-8", async () => {
  const bytes = new TextEncoder().encode("m,x\r\né,1\r\n#,1\r\n");
  bytes[bytes.indexOf(35)] = 0xff;
  await assert.rejects(csv(bytes), /not UTF-8 \(after 11 bytes, line 3\)/);
  await assert.rejects(csv(Uint8Array.of(255, 254, 109, 0)), /it is UTF-16\. Save it in UTF-8/);
  await assert.rejects(csv(Uint8Array.of(109, 44, 0xc3)), /not UTF-8 \(after 3 bytes, line 1\)/);
});

Deno.test("idOf() is exact, or throws", () => {
  const ids = [2n ** 53n + 1n, 7, 0.5, "007", " a\r", "NaN", Number.NaN, "", null, "a\0"];
  assert.deepEqual(ids.map(idOf), [
    ...["9007199254740993", "7", "0.5", "007", "a"],
    ...[undefined, undefined, undefined, undefined, undefined],
  ]);
  for (const value of [2 ** 53, new Date(0), Uint8Array.of(255), true, "x".repeat(20_000)]) {
    assert.throws(() => idOf(value), RangeError);
  }
});

Deno.test("readParquet() keeps integers beyond 2^53 apart, and refuses what it cannot", async () => {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const read = (type: "INT64" | "DOUBLE" | "BYTE_ARRAY", data: unknown[]): Promise<Observations> =>
    readParquet(
      new Uint8Array(parquetWriteBuffer({
        columnData: [
          { name: "subject_id", type, data: data as number[] },
          { name: "item_id", type: "STRING", data: ["x", "x"] },
          { name: "response", type: "INT32", data: [0, 1] },
        ],
      })),
      "t.parquet",
    );
  const { subjects } = await read("INT64", [2n ** 53n, 2n ** 53n + 1n]);
  assert.deepEqual(subjects, ["9007199254740992", "9007199254740993"]);
  await assert.rejects(read("DOUBLE", [1, 2 ** 60]), /row 2, subject_id: .*too large to be exact/);
  const bytes = [Uint8Array.of(97), Uint8Array.of(0xe9)];
  await assert.rejects(read("BYTE_ARRAY", bytes), /row 2, subject_id: .*not text in UTF-8/);
});

Deno.test("indexed() warns of ids that differ in case, and of cells in several files", () => {
  const observations = new Observations();
  const add = (subject: string, response: number): void =>
    observations.add({ subject, item: "x", response }, () => "");
  observations.startFile("1.csv");
  add("m1", 1);
  add("M1", 1);
  add("m1", 0);
  assert.doesNotMatch(warnings(observations), /more than one file/);
  observations.startFile("2.csv");
  add("m1", 0);
  assert.match(warnings(observations), /1 of the subjects differ.*"M1" and "m1".*kept apart/);
  assert.match(
    warnings(observations),
    /cells in more than one file: 1, such as in 1\.csv and 2\.csv/,
  );
});

Deno.test("readMmluPro() reads every JSON member of an archive", () => {
  const member = (...ids: number[]): Uint8Array =>
    new TextEncoder().encode(JSON.stringify(ids.map((id) => mmluProRecord(id, "B"))));
  const zip = zipSync({
    "math.json": member(1, 2),
    "law.json": member(3),
    "summary.json": new TextEncoder().encode('{"math": 0.5}'),
  });
  const into = new Observations();
  readMmluPro(new Uint8Array(zip), "model_outputs_M_5shots.zip", into);
  assert.deepEqual([into.response.length, into.items.length], [3, 3]);
  assert.match(into.faults[0]?.where ?? "", /summary\.json, entry 1/);
});

Deno.test("readMmluPro() refuses JSON of more values than results have", () => {
  const zip = zipSync({
    "a.json": new TextEncoder().encode(`[${"{},".repeat(5_000_000)}{}]`),
  });
  assert.throws(
    () => readMmluPro(new Uint8Array(zip), "a.zip", new Observations()),
    /Cannot read a\.zip: /,
  );
});

/** A page of version 1 in a dictionary's places, eight values of which five are there. */
function dictionaryPage(run: number): { readonly chunk: ArrayBuffer; readonly page: Uint8Array } {
  const page = Uint8Array.of(2, 0, 0, 0, 3, 0b10110101, 1, 2 * run, 0);
  const size = 2 * page.length;
  const header = [
    0x15,
    0,
    0x15,
    size,
    0x15,
    size,
    0x2c,
    0x15,
    16,
    0x15,
    16,
    0x15,
    6,
    0x15,
    6,
    0,
    0,
  ];
  return { chunk: Uint8Array.of(...header, ...page).buffer, page };
}

Deno.test("checkPages() takes dictionary pages of version 1 with nulls, and no longer runs", () => {
  const shape = { rows: 8, optional: true, isBoolean: false };
  const sound = dictionaryPage(5);
  checkPages(sound.chunk, shape)(sound.page);
  const long = dictionaryPage(6);
  assert.throws(() => checkPages(long.chunk, shape)(long.page), /its runs cannot be/);
});

Deno.test("readStruct() refuses lists longer than their bytes, and endless nesting", () => {
  const read = (...bytes: number[]): unknown =>
    readStruct({ view: new DataView(Uint8Array.from(bytes).buffer), offset: 0 });
  assert.deepEqual(read(0x15, 8, 0x19, 0x15, 2, 0), { 1: 4, 2: undefined });
  assert.throws(() => read(0x19, 0xf5, 0xff, 0xff, 0x7f, 0), /list that claims 2097151 values/);
  assert.throws(() => read(...Array<number>(100).fill(0x1c)), /nested too deeply/);
});
