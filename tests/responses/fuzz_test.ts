import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeNpz, encodeNpz } from "../../lib/artifact/npz.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { readCsv } from "../../lib/responses/read_csv.ts";
import { readMmluPro } from "../../lib/responses/read_mmlu_pro.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { indexed } from "../../lib/responses/read_responses.ts";
import { decodeArrays, encodeArrays } from "../../lib/artifact/kind.ts";
import { responses as kind } from "../../lib/artifact/kinds.ts";
import { arraysOf, responsesOf } from "../../lib/responses/responses.ts";
import { mutated } from "./mutated.ts";
import { cells, longCsvOf, mmluProRecord, parquetOf, wideCsvOf, zipOf } from "./tables.ts";

/** Inputs in all; each test takes its share. */
const INPUTS = 5000;

/** Longest that one small input may take, in ms. */
const PATIENCE = 60_000;

const text = new TextEncoder();
const table = cells(6, 8);

/** What a file of results might hold. */
const entries = fc.array(
  fc.oneof(
    fc.json().map((json) => JSON.parse(json) as unknown),
    fc.record({
      question_id: fc.option(fc.integer()),
      question: fc.oneof(fc.string({ unit: "binary" }), fc.constant("\ud800"), fc.integer()),
      options: fc.oneof(
        fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
        fc.string(),
      ),
      answer: fc.oneof(fc.string(), fc.constant(null)),
      pred: fc.oneof(fc.string(), fc.constant(null), fc.integer()),
    }, { requiredKeys: [] }),
    fc.integer({ min: 1, max: 9 }).map((id) => mmluProRecord(id, "B")),
  ),
  { maxLength: 8 },
);

type Read = (bytes: Uint8Array<ArrayBuffer>) => Promise<Observations>;

const asCsv: Read = (bytes) =>
  readCsv(
    (async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64);
    })(),
    "t.csv",
  );
const asParquet: Read = (bytes) => readParquet(bytes, "t.parquet");
const asZip: Read = async (bytes) => {
  const into = new Observations();
  await readMmluPro(bytes, "t.zip", into);
  return into;
};

const SHARES: Record<string, readonly [Read, fc.Arbitrary<Uint8Array<ArrayBuffer>>, number]> = {
  "a long CSV, mutated": [asCsv, mutated(text.encode(longCsvOf(table))), 0.15],
  "a wide CSV, mutated": [asCsv, mutated(text.encode(wideCsvOf(table))), 0.15],
  "any text as CSV": [
    asCsv,
    fc.string({ unit: fc.constantFrom(...'ab01,;\t"\r\n\u00e9\u{1f600}') }).map((s) =>
      text.encode(s)
    ),
    0.1,
  ],
  "a parquet, mutated": [asParquet, mutated(await parquetOf(table, "mmlupro")), 0.3],
  "a zip, mutated": [asZip, mutated(zipOf("a.json", [mmluProRecord(1, "B")])), 0.1],
  "a zip of mutated JSON": [
    asZip,
    mutated(text.encode(JSON.stringify([mmluProRecord(1, "B"), mmluProRecord(2, null)])))
      .map((json) => zipOf("a.json", new TextDecoder().decode(json))),
    0.1,
  ],
  "a zip of a list of anything": [asZip, entries.map((list) => zipOf("a.json", list)), 0.1],
};

for (const [name, [read, inputs, share]] of Object.entries(SHARES)) {
  Deno.test(`${name}: a whole table or an error in words, and soon`, async () => {
    const ends = { table: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(inputs, async (bytes) => {
        const started = performance.now();
        try {
          const told: string[] = [];
          const { responses } = indexed(await read(bytes), "t", {}, {
            minOverlap: 0,
            strict: false,
            warn: (message) => told.push(message),
          });
          const again = responsesOf(
            decodeArrays(
              kind,
              decodeNpz(encodeNpz(encodeArrays(kind, arraysOf(responses)))),
              "table",
            ).arrays,
          );
          assert.deepEqual(again, responses);
          assert.ok(responses.response.every((y) => y >= 0 && y <= 1));
          ends.table++;
        } catch (error) {
          assert.ok(
            error instanceof Error && error.name === "InputError",
            `${(error as Error).stack}`,
          );
          assert.match(error.message, /^Cannot (use|read) t/);
          ends.refused++;
        }
        assert.ok(performance.now() - started < PATIENCE);
      }),
      { numRuns: share * INPUTS, seed: 1, endOnFailure: true },
    );
    assert.equal(ends.table + ends.refused, share * INPUTS);
  });
}
