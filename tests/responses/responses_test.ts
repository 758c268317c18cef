import assert from "node:assert/strict";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import MMLU_PRO_CARD from "../../lib/responses/mmlupro_card.json" with { type: "json" };
import { arraysOf, responsesOf } from "../../lib/responses/responses.ts";
import { selectItems } from "../../lib/responses/select_items.ts";
import { simulateResponses } from "../../lib/responses/simulate_responses.ts";
import { allowed } from "../support.ts";

type Row = readonly [subject: string | null, item: string, response: unknown, condition?: string];

function long(rows: readonly Row[]): Observations {
  const observations = new Observations();
  rows.forEach(([subject, item, response, condition], i) =>
    observations.add({ subject, item, response, condition }, () => `row ${i + 1}`)
  );
  return observations;
}

const ROWS: readonly Row[] = [
  ["b", "y", 1],
  ["a", "x", 0],
  ["a", "y", 1],
  ["b", "x", 0],
  ["b", "x", 1],
];

Deno.test("indexResponses() sorts ids and averages trials, whatever the order of rows", () => {
  const { responses } = indexResponses(long(ROWS), "t");
  assert.deepEqual(responses, {
    subjectIds: ["a", "b"],
    itemIds: ["x", "y"],
    subject: Int32Array.of(0, 0, 1, 1),
    item: Int32Array.of(0, 1, 0, 1),
    response: Float64Array.of(0, 1, 0.5, 1),
  });
  assert.deepEqual(indexResponses(long(ROWS.toReversed()), "t").responses, responses);
  assert.deepEqual(responsesOf(arraysOf(responses)), responses);
});

Deno.test("indexResponses() leaves odd rows out and counts them", () => {
  const odd: Row[] = [["a", "z", 0.5], ["a", "z", null], ["a", "z", 1, "hinted"], [null, "x", 1]];
  const observations = long([...ROWS, ...odd]);
  const { responses, leftOut, averaged } = indexResponses(observations, "t");
  const { testCondition, fraction, missing, noId } = leftOut;
  assert.deepEqual([testCondition, fraction, missing, noId, averaged], [1, 1, 1, 1, 1]);
  assert.deepEqual(observations.faults, [
    { where: "row 6", what: 'response "0.5"' },
    { where: "row 9", what: 'subject is missing, item "x"' },
  ]);
  assert.deepEqual(responses.itemIds, ["x", "y"]);
});

Deno.test("indexResponses() throws for no rows, no response of 0 or 1, and a silent subject", () => {
  assert.throws(() => indexResponses(long([]), "t.parquet"), /t\.parquet: the table has no rows/);
  assert.throws(
    () => indexResponses(long([["a", "x", 2]]), "t.parquet"),
    /none of its 1 rows has a response of 0 or 1/,
  );
  assert.throws(
    () => indexResponses(long([...ROWS, ["quiet", "x", null]]), "t.parquet"),
    /1 of 3 subjects have no response of 0 or 1 \(quiet\)/,
  );
});

Deno.test("filterItems() drops by subjects and by the rarer response, and counts", () => {
  const rows: Row[] = [];
  for (let s = 0; s < 6; s++) {
    rows.push([`s${s}`, "even", s % 2], [`s${s}`, "rare", s === 0 ? 1 : 0], [`s${s}`, "same", 1]);
    if (s < 2) rows.push([`s${s}`, "few", s]);
  }
  const { responses } = indexResponses(long(rows), "t");
  const filtered = filterItems(responses, { minSubjects: 3, minMinority: 2 });
  assert.deepEqual(filtered.responses.itemIds, ["even"]);
  assert.deepEqual(filtered.responses.response, Float64Array.of(0, 1, 0, 1, 0, 1));
  assert.deepEqual([filtered.droppedFewSubjects, filtered.droppedMinority], [1, 2]);
  const loose = filterItems(responses, { minSubjects: 0, minMinority: 0 });
  assert.deepEqual(loose.responses.itemIds, ["even", "few", "rare"]);
  assert.throws(() => filterItems(responses, { minSubjects: 9, minMinority: 0 }), /none of the 4/);
});

Deno.test("filterItems() throws for a subject of whom nothing is left", () => {
  const rows: Row[] = [["s0", "a", 0], ["s1", "a", 1], ["s2", "a", 1], ["s3", "b", 1]];
  const { responses } = indexResponses(long(rows), "t");
  assert.throws(
    () => filterItems(responses, { minSubjects: 3, minMinority: 1 }),
    /none was answered by s3/,
  );
});

Deno.test("simulateResponses() has the paper's size, and accuracies as the card says", () => {
  const { subjectIds, itemIds, subject, response, item } = simulateResponses("0");
  assert.equal(subjectIds.length, 48);
  assert.equal(itemIds.length, 13542);
  assert.ok(subjectIds.concat(itemIds).every((id) => id.startsWith("simulated-")));
  const missing = 1 - item.length / (48 * 13542);
  assert.ok(Math.abs(missing - 0.13) < 0.002, `${missing}`);
  const [right, count] = [new Float64Array(48), new Float64Array(48)];
  subject.forEach((s, n) => {
    right[s]! += response[n]!;
    count[s]! += 1;
  });
  const accuracy = right.map((r, s) => r / count[s]!);
  const known = MMLU_PRO_CARD.accuracies;
  const sorted = accuracy.toSorted();
  // The card knows fewer accuracies than there are subjects: compare by rank.
  known.forEach((expected, rank) => {
    const found = sorted[Math.round((rank * 47) / (known.length - 1))]!;
    assert.ok(Math.abs(found - expected) < 0.06, `rank ${rank}: ${found} ${expected}`);
  });
  assert.deepEqual(simulateResponses("0").response, response);
  assert.notDeepEqual(simulateResponses("1").response, response);
});

Deno.test({
  name: "readParquet() throws for a file that is no parquet, and for missing columns",
  ignore: !allowed("read"),
  fn: async () => {
    await assert.rejects(
      readParquet(new TextEncoder().encode("subject,item"), "t.csv"),
      /Cannot read t\.csv as parquet/,
    );
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const file = parquetWriteBuffer({ columnData: [{ name: "subject_id", data: ["a"] }] });
    await assert.rejects(
      readParquet(new Uint8Array(file), "t.parquet"),
      /the columns item_id and response are missing; it has subject_id/,
    );
  },
});

Deno.test("selectItems() keeps the chosen items' cells, under new numbers", () => {
  const responses = {
    subjectIds: ["a", "b"],
    itemIds: ["x", "y", "z"],
    categories: ["p", "q", "r"],
    subject: Int32Array.of(0, 0, 0, 1, 1),
    item: Int32Array.of(0, 1, 2, 0, 2),
    response: Float64Array.of(1, 0, 1, 0, 0.5),
  };
  assert.deepEqual(selectItems(responses, [0, 2]), {
    subjectIds: ["a", "b"],
    itemIds: ["x", "z"],
    categories: ["p", "r"],
    subject: Int32Array.of(0, 0, 1, 1),
    item: Int32Array.of(0, 1, 0, 1),
    response: Float64Array.of(1, 1, 0, 0.5),
  });
  assert.throws(() => selectItems(responses, [1]), /answered by b\. Remove/);
});
