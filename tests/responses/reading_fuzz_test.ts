/**
 * Tables that are sound, but written in every odd way: what is read is what was written, or it is
 * refused or warned of in words; nothing is lost or joined in silence.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { zipSync } from "fflate";
import { decodeNpz, encodeNpz } from "../../lib/artifact/npz.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { lookAlikes } from "../../lib/responses/look_alikes.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { readCsv } from "../../lib/responses/read_csv.ts";
import { readMmluPro } from "../../lib/responses/read_mmlu_pro.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { mmluProRecord } from "./tables.ts";

const RUNS = { numRuns: 300, seed: 1 };
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function csv(text: string | Uint8Array, step = 5): Promise<Observations> {
  const bytes = typeof text === "string" ? encode(text) : text;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  return await readCsv(pieces(), "t.csv");
}

/** The cells of a table as sorted `subject|item|response`. */
function cellsOf(observations: Observations): string[] {
  const { subject, item, response } = observations;
  const [s, i, y] = [subject.view(), item.view(), response.view()];
  return Array.from(
    y,
    (value, n) => `${observations.subjects[s[n]!]}|${observations.items[i[n]!]!.id}|${value}`,
  ).sort();
}

/** Names in which delimiters, quotes and ends of lines stand, but no outer white space. */
const name = fc.string({ unit: fc.constantFrom(..."aB1é,;\t\"#%' \n"), minLength: 1, maxLength: 6 })
  .map((text) => `q${text}q`);
const names = (min: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(name, { minLength: min, maxLength: 6 });
const lineEnds = fc.array(fc.constantFrom("\n", "\r\n", "\r"), { minLength: 1, maxLength: 4 });
const delimiter = fc.constantFrom(",", ";", "\t");
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

Deno.test("readCsv() of a long table gives every cell, whatever its delimiter, line ends and names", async () => {
  await fc.assert(
    fc.asyncProperty(names(2), names(2), delimiter, lineEnds, async (subjects, items, by, ends) => {
      const rows = subjects.flatMap((s, a) => items.map((i, b) => [s, i, String((a + b) % 2)]));
      const text = [["subject_id", "item_id", "response"], ...rows]
        .map((row, n) => row.map(quoted).join(by) + ends[n % ends.length]).join("");
      assert.deepEqual(cellsOf(await csv(text)), rows.map((row) => row.join("|")).sort());
    }),
    RUNS,
  );
});

Deno.test("readCsv() of a wide table gives every cell, whatever its delimiter, line ends and names", async () => {
  await fc.assert(
    fc.asyncProperty(names(2), names(2), delimiter, lineEnds, async (subjects, items, by, ends) => {
      const lines = subjects.map((s, a) => [quoted(s), ...items.map((_, b) => (a + b) % 2)]);
      const text = [["m", ...items.map(quoted)], ...lines]
        .map((row, n) => row.join(by) + ends[n % ends.length]).join("");
      const cells = subjects.flatMap((s, a) => items.map((i, b) => `${s}|${i}|${(a + b) % 2}`));
      assert.deepEqual(cellsOf(await csv(text)), cells.sort());
    }),
    RUNS,
  );
});

Deno.test("readCsv() tells names of as many commas from cells", async () => {
  const observations = await csv("m\tx, y\tz, w\na, b, c\t1\t0\nd, e, f\t0\t1\n");
  assert.deepEqual(cellsOf(observations), [
    "a, b, c|x, y|1",
    "a, b, c|z, w|0",
    "d, e, f|x, y|0",
    "d, e, f|z, w|1",
  ]);
});

Deno.test("readCsv() names the remedy for what is not a table of text", async () => {
  const utf16 = Uint8Array.from([..."m,x\na,1\n"].flatMap((c) => [c.charCodeAt(0), 0]));
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    [Uint8Array.of(0x1f, 0x8b, 8, 0, 0), /packed by gzip\. Unpack it first/],
    [zipSync({ "a.csv": encode("m,x\n") }), /Excel workbook or a zip archive/],
    [Uint8Array.of(0xff, 0xfe, ...utf16), /UTF-16.*Save it in UTF-8/],
    [utf16, /NUL.*UTF-16.*in UTF-8/],
    ["PAR1\x15", /it is a parquet file/],
    ['[{"subject_id": "a"}]', /it is JSON\. Convert it to CSV/],
    ["m,x\na\0,1\n", /NUL/],
    ["Subject_ID,itemId,RESPONSE\na,0,1\n", /Rename them to subject_id, item_id, response/],
    [`m,x\na${",1".repeat(1_100_000)}\n`, /line 2 has more than 1000000 fields/],
    [`m,x\n${"a".repeat(17 << 20)},1\n`, /a row has more than 16777216 bytes/],
  ];
  for (const [text, says] of cases) {
    await assert.rejects(csv(text, 1 << 16), (error: Error) => {
      assert.equal(error.name, "InputError");
      assert.match(error.message, says);
      return true;
    });
  }
});

type Type = "INT64" | "DOUBLE" | "FLOAT" | "STRING" | "BYTE_ARRAY";

async function parquet(
  type: Type,
  ids: readonly unknown[],
  response: readonly (number | null)[],
): Promise<Observations> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = [
    { name: "subject_id", type, data: [...ids] as string[] },
    { name: "item_id", type: "STRING" as const, data: ids.map((_, i) => `i${i}`) },
    { name: "response", type: "INT32" as const, data: [...response] },
  ];
  return await readParquet(new Uint8Array(parquetWriteBuffer({ columnData })), "t.parquet");
}

Deno.test("readParquet() gives every id and every null, or names the row of an id that is not exact", async () => {
  const near = (exponent: number): fc.Arbitrary<number> =>
    fc.integer({ min: -3, max: 3 }).map((n) => 2 ** exponent + n);
  const columns: fc.Arbitrary<readonly [Type, readonly unknown[], boolean]> = fc.oneof(
    fc.uniqueArray(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), {
      minLength: 2,
      maxLength: 30,
    })
      .map((ids) => ["INT64", ids, true] as const),
    fc.uniqueArray(near(52), { minLength: 2 }).map((ids) => ["DOUBLE", ids, true] as const),
    fc.uniqueArray(near(54), { minLength: 2 }).map((ids) => ["DOUBLE", ids, false] as const),
    fc.uniqueArray(near(25), { minLength: 2 }).map((ids) => ["FLOAT", ids, false] as const),
    names(2).map((ids) => ["STRING", ids, true] as const),
    fc.constant(["BYTE_ARRAY", [Uint8Array.of(0xc3), Uint8Array.of(0xe9)], false] as const),
  );
  const isNull = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(columns, isNull, async ([type, ids, isExact], nulls) => {
      const response = ids.map((_, i) => nulls[i] ? null : i % 2);
      const read = parquet(type, ids, response);
      if (!isExact) return await assert.rejects(read, /row \d+, subject_id: .*no two become one/);
      const cells = ids.map((id, i) => `${id}|i${i}|${response[i]}`).filter((_, i) => !nulls[i]);
      assert.deepEqual(cellsOf(await read), cells.sort());
      assert.equal((await read).leftOut.missing, ids.length - cells.length);
    }),
    RUNS,
  );
});

Deno.test("readParquet() refuses ids that are far too long before it reads them", async () => {
  const ids = Array.from({ length: 4 }, (_, i) => String(i).repeat(4 << 20));
  await assert.rejects(
    parquet("STRING", ids, [0, 1, 0, 1]),
    /column subject_id has \d+ bytes for 4 rows|its size for its values/,
  );
});

Deno.test("lookAlikes() finds ids that differ in what a person does not see", () => {
  const pairs = [["a", "A"], ["é", "e\u0301"], ["a b", "a\u00a0 b"], ["ab", "a\u200bb"], [
    "1",
    "1.0",
  ], ["7", "007"]];
  for (const pair of pairs) assert.deepEqual(lookAlikes(pair), { count: 1, first: pair });
  assert.equal(
    lookAlikes(["a", "b", "1.5", "15", "9007199254740992", "9007199254740993"]).count,
    0,
  );
});

Deno.test("indexResponses() refuses items of two benchmarks whose joined ids are one", () => {
  const observations = new Observations();
  for (const [benchmark, item] of [["a/b", "c"], ["a", "b/c"]]) {
    observations.add({ benchmark, subject: "s", item, response: 1 }, () => "");
  }
  assert.throws(() => indexResponses(observations, "t"), /would both be "a\/b\/c"/);
});

Deno.test("Observations takes NaN and the words for an absent value as no test condition", () => {
  const observations = new Observations();
  for (const condition of [null, Number.NaN, "", "NA", "nan", "hinted"]) {
    observations.add({ subject: "s", item: "x", response: 1, condition }, () => "");
  }
  assert.deepEqual([observations.response.length, observations.leftOut.testCondition], [5, 1]);
});

Deno.test("readMmluPro() reads every member of JSON or JSON lines, and warns of the others", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom(".json", ".jsonl", ".JSON", ".txt"),
          fc.integer({ min: 1, max: 4 }),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      (members) => {
        let next = 0;
        const files = members.map(([ending, n], i) => {
          const records = Array.from(
            { length: n },
            () => mmluProRecord(++next, next % 2 ? "B" : "C"),
          );
          const lines = ending === ".jsonl"
            ? records.map((r) => JSON.stringify(r)).join("\r\n")
            : JSON.stringify(records);
          return [`${i}${ending}`, encode(lines), n, ending === ".txt"] as const;
        });
        const into = new Observations();
        const zip = new Uint8Array(zipSync(Object.fromEntries(files)));
        const read = (): unknown => readMmluPro(zip, "model_outputs_M_5shots.zip", into);
        const expected = files.filter(([, , , isOther]) => !isOther).reduce(
          (sum, [, , n]) => sum + n,
          0,
        );
        if (expected === 0) return void assert.throws(read, /it holds no \.json/);
        read();
        assert.deepEqual([into.response.length, into.items.length], [expected, expected]);
        assert.equal(into.notes.length, Number(files.some(([, , , isOther]) => isOther)));
      },
    ),
    RUNS,
  );
});

Deno.test("readMmluPro() takes no number as an option whose text is not exact", () => {
  const zip = new Uint8Array(zipSync({
    "a.json": encode(JSON.stringify([
      { ...mmluProRecord(1, "B"), options: [1, 2] },
      { ...mmluProRecord(2, "B"), options: [0.5, 2] },
      { ...mmluProRecord(3, "B"), options: [2 ** 60, 2] },
    ])),
  }));
  const into = new Observations();
  readMmluPro(zip, "a.zip", into);
  assert.deepEqual([into.response.length, into.leftOut.malformed], [1, 2]);
});

Deno.test("decodeNpz() never gives other numbers than were written, whatever byte is damaged", () => {
  const z = { shape: [4, 3], data: Float64Array.from({ length: 12 }, (_, i) => i / 7) };
  const id = { shape: [2], data: ["a\0b", "a\0c"] };
  const good = encodeNpz({ z, id });
  assert.deepEqual(decodeNpz(good)["id"], id);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = good.slice();
      bytes[at]! ^= change;
      try {
        const read = decodeNpz(bytes);
        if (read["z"] !== undefined) assert.deepEqual(read["z"], z);
        if (read["id"] !== undefined) assert.deepEqual(read["id"], id);
      } catch (error) {
        assert.equal((error as Error).name, "InputError", (error as Error).stack ?? "");
      }
    }),
    { ...RUNS, numRuns: 2000 },
  );
});

function npy(header: string, version = 1): Uint8Array {
  const text = encode(`${header}\n`);
  const body = new Uint8Array(Float64Array.from([1, 2, 3, 4, 5, 6]).buffer);
  return Uint8Array.of(0x93, ...encode("NUMPY"), version, 0, text.length, 0, ...text, ...body);
}

Deno.test("decodeNpz() reads a header as Python does, or refuses it in words", () => {
  const entries = ["'descr': '<f8'", "'fortran_order': False", "'shape': (2, 3)"];
  const orders = fc.shuffledSubarray(entries, { minLength: 3 });
  fc.assert(
    fc.property(
      orders,
      fc.constantFrom("", ", ", ","),
      fc.constantFrom("", " ", "   "),
      (order, end, space) => {
        const bytes = zipSync({
          "z.npy": npy(`{${space}${order.join(`,${space}`)}${end}}${space}`),
        });
        assert.deepEqual(decodeNpz(new Uint8Array(bytes))["z"]?.shape, [2, 3]);
      },
    ),
    RUNS,
  );
  const bad = [
    entries.slice(1),
    [...entries, "'shape': (3, 2)"],
    [...entries, "'more': 1"],
    [entries[0], "'fortran_order': 1", entries[2]],
    [entries[0], entries[1], "'shape': (2 3)"],
    [entries[0], entries[1], "'shape': (2, 2)"],
  ].map((parts) => npy(`{${parts.join(", ")}}`));
  for (const member of [...bad, npy(`{${entries.join(", ")}}`, 9)]) {
    const arrays = decodeNpz(new Uint8Array(zipSync({ "z.npy": member })), "p.npz");
    assert.throws(() => arrays["z"], /^InputError: Cannot read p\.npz: array z: /);
  }
  const twice = new Uint8Array(zipSync({ "z.npy": npy("{}"), z: npy("{}") }));
  assert.throws(() => decodeNpz(twice), /^InputError: .*two arrays have the name z/);
});

Deno.test("encodeNpz() refuses texts that one long one would make huge", () => {
  const data = Array.from({ length: 50_000 }, (_, i) => i === 0 ? "x".repeat(10_000) : "y");
  assert.throws(
    () => encodeNpz({ id: { shape: [data.length], data } }),
    /^InputError: .*array id: 50000 texts/,
  );
});
