import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import {
  chosenLetter,
  itemContent,
  itemIdOf,
  modelLabel,
  recordOf,
  subjectIdOf,
} from "../../lib/responses/mmlu_pro.ts";
import MMLU_PRO_FILES from "../../lib/responses/mmlu_pro_files.json" with { type: "json" };
import { Observations } from "../../lib/responses/observations.ts";
import { readMmluPro } from "../../lib/responses/read_mmlu_pro.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import { LIMITS } from "../../lib/responses/unzip_json.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { mmluProRecord, zipOf } from "./tables.ts";

const FILE = "model_outputs_Model-1_5shots.zip";

const sha = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

function read(
  value: unknown,
  file = FILE,
  into: Observations = new Observations(),
): Observations {
  readMmluPro(zipOf("any.json", value), file, into);
  return into;
}

Deno.test("modelLabel() takes the label from every ending that the repository has", () => {
  const labels = {
    "model_outputs_Meta-Llama-3_1-8B_5shots.zip": "Meta-Llama-3_1-8B",
    "model_outputs_arx_0314_5shots.json.zip": "arx_0314",
    "model_outputs_gemini-3.1-pro_5-shots.zip": "gemini-3.1-pro",
    "model_outputs_flash_0shots_00_35_03.zip": "flash",
    "model_outputs_gpt4o(2024-05-13)_5shots.zip": "gpt4o(2024-05-13)",
  };
  for (const [file, label] of Object.entries(labels)) assert.equal(modelLabel(file), label);
  assert.equal(new Set(MMLU_PRO_FILES.map(modelLabel)).size, 48);
});

Deno.test("subjectIdOf() and itemIdOf() hash what is normalised, as Python strips", () => {
  assert.equal(subjectIdOf(" Llama-2-7B-hf\n"), sha("llama-2-7b-hf"));
  assert.equal(subjectIdOf("e\u0301"), sha("\u00e9"));
  assert.equal(itemIdOf("\f A\x1f\x85"), sha("mmlupro::A"));
  assert.equal(itemIdOf("\ufeffA"), sha("mmlupro::\ufeffA"));
});

Deno.test("itemContent() is the question, a blank line and at most ten options", () => {
  assert.equal(itemContent("Q?\n", ["x", "y"]), "Q?\n\n\nA: x\nB: y");
  assert.equal(itemContent("Q", Array.from({ length: 12 }, String)).split("\n").length, 12);
  assert.equal(itemContent("Q", []), "Q");
});

Deno.test("chosenLetter() takes a bare letter, else the answer said, else the last capital", () => {
  const cases: readonly (readonly [string | null, string | undefined])[] = [
    [null, undefined],
    [" C\n", "C"],
    ["K", undefined],
    ["The Answer IS (b), not C", "B"],
    ["either A or, rather, D", "D"],
    ["ABC", undefined],
    ["", undefined],
  ];
  for (const [pred, letter] of cases) assert.equal(chosenLetter(pred), letter, String(pred));
});

Deno.test("readMmluPro() gives the ids and responses of the rules, of both kinds of files", () => {
  for (const kind of ["generated_text", "model_outputs"] as const) {
    const records = [
      mmluProRecord(3, "B", kind),
      mmluProRecord(1, null, kind),
      mmluProRecord(2, "A", kind),
    ];
    const { responses } = indexResponses(read(records), FILE);
    assert.deepEqual(responses.subjectIds, [sha("model-1")]);
    const idOf = (id: number): string =>
      sha(`mmlupro::${`Which of ${id}?\f\n\nA: one\nB: two\nC: three`.trimStart()}`);
    const expected = new Map([[idOf(1), 0], [idOf(2), 0], [idOf(3), 1]]);
    assert.deepEqual(responses.itemIds, [...expected.keys()].sort());
    assert.deepEqual([...responses.response], responses.itemIds.map((id) => expected.get(id)));
  }
});

Deno.test("readMmluPro() leaves odd entries out, each with what is wrong with it", () => {
  const good = mmluProRecord(1, "B");
  const odd = [
    "total",
    null,
    [good],
    { ...good, question_id: undefined },
    { ...good, question: 7 },
    { ...good, options: "A" },
    { ...good, options: [{}] },
    { ...good, answer: null },
    { ...good, pred: 3 },
    { ...good, question: "\ud800" },
    { ...good, question: " ", options: [] },
  ];
  const { faults, leftOut, response } = read([good, ...odd]);
  assert.deepEqual([leftOut.malformed, response.length], [odd.length, 1]);
  assert.deepEqual(faults[0], { where: `${FILE}, entry 2`, what: "a string instead of a record" });
  assert.match(faults.map(({ what }) => what).join(), /no question_id,.*lone surrogate/);
  assert.ok("fault" in recordOf(undefined));
});

Deno.test("readMmluPro(): two question_ids of one content are trials; versions keep their gold", () => {
  const [a, b] = [mmluProRecord(1, "B"), { ...mmluProRecord(1, "A"), question_id: 2 }];
  const one = indexResponses(read([a, b]), FILE);
  assert.deepEqual([[...one.responses.response], one.averaged], [[0.5], 1]);

  const into = read([mmluProRecord(1, "C")]);
  const reworded = { ...mmluProRecord(1, "C"), question: "Reworded?" };
  read([{ ...mmluProRecord(1, "C"), answer: "C" }, reworded], "other_5shots.zip", into);
  const { responses } = indexResponses(into, FILE);
  const other = responses.subjectIds.indexOf(sha("other"));
  assert.equal(responses.itemIds.length, 2);
  const ofFirst = [...responses.response].filter((_, n) => responses.subject[n] !== other);
  assert.deepEqual(ofFirst, [0]);
  assert.equal(responses.response.reduce((sum, y) => sum + y, 0), 1);
});

Deno.test("readMmluPro() refuses hostile and damaged archives in words, and takes nothing of them", () => {
  const text = new TextEncoder();
  const list = [mmluProRecord(1, "B")];
  const good = zipOf("a.json", list);
  const flipped = good.slice();
  flipped[60]! ^= 0xff;
  const lying = zipOf("a.json", [..."x".repeat(5000)].map(() => mmluProRecord(1, "B")));
  // The central directory claims fewer bytes than there are.
  new DataView(lying.buffer).setUint32(lying.length - 22 - (46 + 6) + 24, 100, true);
  const cases: Record<string, readonly [Uint8Array<ArrayBuffer>, RegExp]> = {
    "no zip": [text.encode("<html>"), /not a zip file, or a damaged one/],
    "nothing": [new Uint8Array(), /not a zip file, or a damaged one/],
    "truncated": [good.slice(0, good.length / 2), /not a zip file, or a damaged one/],
    "a flipped byte": [flipped, /damaged/],
    "a wrong size": [lying, /damaged|larger than/],
    "a bomb": [zipOf("a.json", `"${"0".repeat(30 << 20)}"`), /zip bomb/],
    "no JSON": [zipOf("a.txt", "[]"), /holds no \.json/],
    "only __MACOSX": [zipOf("__MACOSX/a.json", list), /holds no \.json/],
    "broken JSON": [zipOf("a.json", "[{"), /a\.json is damaged: it is not JSON, or is cut short$/],
    "no UTF-8": [new Uint8Array(zipSync({ "a.json": Uint8Array.of(0xff, 0xfe) })), /is not UTF-8/],
    "no list": [zipOf("a.json", { records: list }), /not a list of records/],
    "a list of others": [zipOf("a.json", [1, "x"]), /holds no record of results/],
    "deep JSON": [zipOf("a.json", "[".repeat(50_000)), /a\.json is damaged/],
    "many members": [
      new Uint8Array(zipSync(Object.fromEntries(
        Array.from({ length: LIMITS.members + 1 }, (_, i) => [`${i}.txt`, new Uint8Array()]),
      ))),
      /more than 64 members/,
    ],
  };
  for (const [name, [zip, says]] of Object.entries(cases)) {
    const into = new Observations();
    assert.throws(() => readMmluPro(zip, FILE, into), (error: Error) => {
      assert.equal(error.name, "InputError", `${name}: ${error.stack}`);
      assert.match(error.message, says, name);
      return true;
    });
    assert.deepEqual([into.rows, into.subjects.length], [0, 0], name);
  }
});

Deno.test({
  name: "readMmluPro() refuses a member whose name leads out of the archive, and writes nothing",
  ignore: !allowed("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "zip-test-" });
    const member = `../../../../../..${folder}/escaped.json`;
    const zip = zipSync({
      "__MACOSX/._a.json": new TextEncoder().encode("resource fork"),
      [member]: new TextEncoder().encode(JSON.stringify([mmluProRecord(1, "B")])),
    });
    const into = new Observations();
    assert.throws(() => readMmluPro(new Uint8Array(zip), FILE, into), /unsafe name/);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
    await Deno.remove(folder);
  },
});

const parquet = "data/mmlupro_responses.parquet";

Deno.test({
  name: "the shared MMLU-Pro table follows the rules: ids, trials, counts and accuracies",
  ignore: !shared(parquet),
  fn: async () => {
    const { gunzipSync } = await import("node:zlib");
    const parse = (text: string): Record<string, string>[] => {
      const [header = "", ...rows] = text.trimEnd().split("\n");
      return rows.map((row) => {
        const fields = row.split(",");
        return Object.fromEntries(header.split(",").map((name, i) => [name, fields[i] ?? ""]));
      });
    };
    const subjects = parse(await Deno.readTextFile(sharedPath("data/mmlupro_subjects.csv")));
    const packed = await Deno.readFile(sharedPath("data/mmlupro_items.csv.gz"));
    const items = parse(new TextDecoder().decode(gunzipSync(packed)));

    for (const { subject_id, display_name, zip_name } of subjects) {
      assert.equal(modelLabel(zip_name!), display_name);
      assert.equal(subjectIdOf(display_name!), subject_id);
      assert.ok((MMLU_PRO_FILES as readonly string[]).includes(zip_name!));
    }
    const observations = await readParquet(await Deno.readFile(sharedPath(parquet)), parquet);
    assert.equal(observations.rows, 347_215);
    assert.deepEqual(observations.benchmarks, ["mmlupro"]);
    const { responses, averaged } = indexResponses(observations, parquet);
    assert.equal(responses.item.length, 342_604);
    assert.deepEqual(responses.subjectIds, subjects.map(({ subject_id }) => subject_id).sort());
    assert.deepEqual(responses.itemIds, items.map(({ item_id }) => item_id).sort());

    // A cell has one trial for each question_id that its model saw of that content.
    const questions = new Map(
      items.map(({ item_id, question_ids }) => [item_id, question_ids!.split(";").length]),
    );
    const repeated = items.filter(({ item_id }) => questions.get(item_id!)! === 2);
    assert.equal(repeated.length, 159);
    assert.equal(averaged, 4_611);
    assert.equal(averaged, repeated.reduce((sum, { n_subjects }) => sum + Number(n_subjects), 0));

    const perSubject = new Map(subjects.map((row) => [row.subject_id!, row]));
    const sums = responses.subjectIds.map(() => ({ cells: 0, right: 0, rows: 0 }));
    const perItem = new Map<number, number>();
    responses.subject.forEach((s, n) => {
      const trials = questions.get(responses.itemIds[responses.item[n]!]!)!;
      sums[s]!.cells++;
      sums[s]!.rows += trials;
      sums[s]!.right += trials * responses.response[n]!;
      perItem.set(responses.item[n]!, (perItem.get(responses.item[n]!) ?? 0) + 1);
    });
    responses.subjectIds.forEach((id, s) => {
      const { n_items, n_rows, accuracy } = perSubject.get(id)!;
      assert.equal(sums[s]!.cells, Number(n_items));
      assert.equal(sums[s]!.rows, Number(n_rows));
      assert.ok(Math.abs(sums[s]!.right / sums[s]!.rows - Number(accuracy)) < 1e-6, id);
    });
    for (const { item_id, n_subjects } of items) {
      assert.equal(perItem.get(responses.itemIds.indexOf(item_id!)), Number(n_subjects));
    }
  },
});
