import assert from "node:assert/strict";
import fc from "fast-check";
import { parallelAnalysis } from "../../lib/estimation/parallel_analysis.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { Observations } from "../../lib/responses/observations.ts";
import { readTables } from "../../lib/responses/read_tables.ts";
import { arraysOf, type Responses, responsesOf } from "../../lib/responses/responses.ts";
import BFCL_FILES from "../../lib/responses/sources/bfcl_files.json" with { type: "json" };
import { parseBfcl, takeBfcl } from "../../lib/responses/sources/bfcl.ts";
import { readLiveCodeBench } from "../../lib/responses/sources/live_code_bench.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { repetitions } from "../runner/soak.ts";
import { mutated } from "./mutated.ts";
import { bfclScores } from "./tables.ts";

const encoder = new TextEncoder();

/** The cells of a table, one text each. */
function cellsOf({ subjectIds, itemIds, subject, item, response }: Responses): readonly string[] {
  return Array.from(response, (y, n) => `${subjectIds[subject[n]!]} ${itemIds[item[n]!]} ${y}`);
}

/** The table of files of BFCL, and what was left out. */
async function bfcl(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly table: Responses; readonly leftOut: readonly string[] }> {
  const into = new Observations();
  const leftOut: string[] = [];
  const scores = await Promise.all(
    Object.entries(files).map(([file, text]) => parseBfcl(encoder.encode(text), file)),
  );
  takeBfcl(scores, into, (reason) => leftOut.push(reason));
  return { table: indexResponses(into, "scores").responses, leftOut };
}

Deno.test("parseBfcl() reads failed items by their numbers; all others are right", async () => {
  const { table, leftOut } = await bfcl({
    "m-1/java_score.json": bfclScores(3, [2]),
    "score/m-1/rest_score.json": bfclScores(2, [1, 2]),
    "m-2/java_score.json": bfclScores(3, []),
    "m-2/rest_score.json": bfclScores(2, [1]).replaceAll("\n", "\r\n"),
  });
  assert.deepEqual(cellsOf(table), [
    ...["m-1 java/1 1", "m-1 java/2 0", "m-1 java/3 1", "m-1 rest/1 0", "m-1 rest/2 0"],
    ...["m-2 java/1 1", "m-2 java/2 1", "m-2 java/3 1", "m-2 rest/1 0", "m-2 rest/2 1"],
  ]);
  assert.deepEqual(table.categories, ["java", "java", "java", "rest", "rest"]);
  assert.deepEqual(table.benchmarks, Array.from({ length: 5 }, () => "bfcl"));
  assert.deepEqual(responsesOf(arraysOf(table)), table);
  assert.deepEqual(leftOut, []);
});

Deno.test("takeBfcl() leaves out the models whose category has another number of items", async () => {
  const { table, leftOut } = await bfcl({
    "a/java_score.json": bfclScores(2, [1]),
    "b/java_score.json": bfclScores(3, [1]),
    "c/java_score.json": bfclScores(2, [2]),
  });
  assert.deepEqual(table.subjectIds, ["a", "c"]);
  assert.deepEqual(leftOut, ["b/java_score.json has 3 items, where most models have 2 of java"]);
  const twins = {
    "1/a/java_score.json": bfclScores(1, []),
    "2/a/java_score.json": bfclScores(1, []),
  };
  await assert.rejects(bfcl(twins), /1\/a\/java_score\.json and 2\/a.*both are of a on java/);
});

Deno.test("parseBfcl() refuses a file that is not whole, and shows no text of it", async () => {
  const good = bfclScores(9, [1, 4, 7]);
  const lines = good.trimEnd().split("\n");
  const secret = JSON.stringify({ id: "launch code", valid: false });
  const cases: readonly (readonly [string, RegExp, string?])[] = [
    ["", /it is empty/],
    ["[]", /line 1: it is not a map/],
    ["<html>launch code", /line 1: it is not JSON/],
    ['{"accuracy": 1}', /line 1: it does not have the counts/],
    ['{"correct_count": 4, "total_count": 3}', /line 1: it does not have the counts/],
    ['{"correct_count": 1e9, "total_count": 1e9}', /line 1: it does not have the counts/],
    ['{"correct_count": NaN, "total_count": 3}', /line 1: it does not have the counts/],
    [lines.slice(0, 3).join("\n"), /counts 3 failed items, but 2 are listed: it was cut/],
    [good.slice(0, -40), /line 4: it is cut short/],
    [[...lines.slice(0, 3), lines[2]].join("\n"), /line 4: item 4 has a line already/],
    [[...lines.slice(0, 3), secret].join("\n"), /line 4: its id is not a whole number from 1 to 9/],
    [good.replace('"id":7', '"id":10'), /line 4: its id is not a whole number/],
    [good.replace('"id":7,"valid":false', '"id":7,"valid":true'), /line 4: .*valid is not false/],
    [good, /its path is not MODEL\/CATEGORY_score\.json/, "java_score.json"],
    [good, /its path is not MODEL\/CATEGORY_score\.json/, "m/java.json"],
  ];
  for (const [text, says, file = "m/java_score.json"] of cases) {
    await assert.rejects(parseBfcl(encoder.encode(text), file), (error: Error) => {
      assert.equal(error.name, "InputError");
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /launch/);
      return error.message.startsWith(`Cannot read ${file}: `);
    });
  }
});

Deno.test({
  name: "the scores of BFCL, simulated from the table beside the checkout, give that table",
  ignore: !shared("data/bfcl.csv.gz"),
  fn: async () => {
    const path = sharedPath("data/bfcl.csv.gz");
    const { responses: table } = indexResponses(await readTables(path, "table", "csv"), "table");
    const failed = new Map<string, number[]>();
    const totals = new Map<string, Set<string>>();
    table.response.forEach((y, n) => {
      const [category = "", number = ""] = table.itemIds[table.item[n]!]!.split("/");
      const file = `${table.subjectIds[table.subject[n]!]}/${category}_score.json`;
      totals.set(category, (totals.get(category) ?? new Set()).add(number));
      failed.set(file, [...failed.get(file) ?? [], ...(y === 0 ? [Number(number)] : [])]);
    });
    const files = [...failed].map(([file, numbers]) => {
      const category = /\/(.*)_score/.exec(file)?.[1] ?? "";
      return [file, bfclScores(totals.get(category)!.size, numbers.sort((a, b) => a - b))] as const;
    });
    const read = await bfcl(Object.fromEntries(files));
    assert.deepEqual([read.table.subjectIds.length, read.table.itemIds.length], [71, 1700]);
    assert.deepEqual(cellsOf(read.table), cellsOf(table));
    const { models, categories } = BFCL_FILES;
    const listed = models.flatMap((model) => categories.map((one) => `${model}/${one}_score.json`));
    assert.deepEqual(listed.toSorted(), [...failed.keys()].sort());
  },
});

Deno.test({
  name: "parallelAnalysis() finds 11 skills in the table of BFCL beside the checkout",
  ignore: !shared("data/bfcl.csv.gz") || !allowed("ffi", "sys", "env"),
  fn: async () => {
    const table = await readTables(sharedPath("data/bfcl.csv.gz"), "table", "csv");
    const { responses } = filterItems(indexResponses(table, "table").responses, {
      minSubjects: 3,
      minMinority: 3,
    });
    const options = { nReplications: 20, percentile: 95, seed: "0" };
    assert.equal((await parallelAnalysis(responses, options)).nFactors, 11);
  },
});

Deno.test("readLiveCodeBench() reads pass@1 as the mean of its runs, and who was not run", async () => {
  const of = async (performances: readonly unknown[], more = {}): Promise<Observations> => {
    const into = new Observations(null, { values: {}, fractions: "keep" });
    const text = JSON.stringify({ ...more, performances, date_marks: [1] }, null, 4);
    await readLiveCodeBench(encoder.encode(text), "p.json", into);
    return into;
  };
  const one = (question_id: string, model: string, passed: unknown): unknown => ({
    ...{ question_id, model, date: 1, difficulty: "easy", platform: "leetcode" },
    "pass@1": passed,
  });
  const read = await of([
    ...[one("2727", "A", 30.0), one("2727", "B", 0), one("1873_A", "A", 100)],
    ...[one("1873_A", "B", -1.0), one("2727", "C", 101), one("2727", "C", "launch code"), "x"],
    ...[one("2727", "C", 20), one("2727", "C", 40)],
  ], { models: [{ model_name: "launch code" }] });
  const { responses, averaged } = indexResponses(read, "p.json");
  assert.deepEqual(cellsOf(responses).map((cell) => cell.slice(0, 12)), [
    ...["A 1873_A 1", "A 2727 0.3", "B 2727 0", "C 2727 0.300"],
  ]);
  assert.deepEqual([averaged, read.leftOut.missing, read.leftOut.malformed], [1, 1, 2]);
  assert.deepEqual(responses.categories, ["leetcode easy", "leetcode easy"]);
  assert.deepEqual(read.faults.map(({ where, what }) => `${where}: ${what}`), [
    ...["p.json, entry 5: its pass@1 is not a percentage"],
    ...["p.json, entry 6: its pass@1 is not a percentage"],
  ]);
  await assert.rejects(of([]), /Cannot read p\.json: it holds no performances/);
  const cut = encoder.encode('{"performances": [{"question_id": "1", "model"');
  await assert.rejects(readLiveCodeBench(cut, "p.json", new Observations()), /it is cut short/);
});

const PERFORMANCES = JSON.stringify({
  performances: [{ question_id: "q", model: "m", "pass@1": 40.0 }, {
    question_id: "r",
    model: "m",
  }],
});

/** What is mutated, and what reads it. */
const READERS: Readonly<
  Record<string, readonly [string, (bytes: Uint8Array) => Promise<Observations>]>
> = {
  "scores of BFCL": [bfclScores(9, [1, 4, 7]), async (bytes) => {
    const into = new Observations();
    takeBfcl([await parseBfcl(bytes, "m/java_score.json")], into, () => {});
    return into;
  }],
  "performances of LiveCodeBench": [PERFORMANCES, async (bytes) => {
    const into = new Observations(null, { values: {}, fractions: "keep" });
    await readLiveCodeBench(bytes, "p.json", into);
    return into;
  }],
};

for (const [name, [text, read]] of Object.entries(READERS)) {
  Deno.test(`${name}, mutated: responses in [0, 1], or an error in words`, async () => {
    await fc.assert(
      fc.asyncProperty(mutated(encoder.encode(text)), async (bytes) => {
        try {
          const { response } = await read(bytes);
          assert.ok(response.view().every((y) => y >= 0 && y <= 1));
        } catch (error) {
          assert.ok(error instanceof Error && error.name === "InputError", String(error));
          assert.doesNotMatch(error.message, /launch/);
        }
      }),
      { numRuns: repetitions(500, 5000), seed: 1, endOnFailure: true },
    );
  });
}
