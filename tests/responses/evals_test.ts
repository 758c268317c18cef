import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  everyEvalEverLine,
  type Files,
  gz,
  hashOf,
  helmInstance,
  helmSpec,
  inspectArchive,
  inspectJson,
  inspectLog,
  lines,
  lmEvalLine,
  lmEvalResults,
  readFiles,
  SECRET,
  zip,
} from "./evals_fixtures.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { readResponses } from "../../lib/responses/read_responses.ts";
import { evalsReader } from "../../lib/responses/sources/read_evals.ts";
import { BINARY_RULE } from "../../lib/responses/values.ts";

const ignore = !allowed("read", "write");
const DATE = "2024-11-26T10-50-23.349203";
const LATER = "2025-01-02T00-00-00.000001";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore, fn });
}

/** An id of an item as lm-eval has it. */
const [H0, H1] = [hashOf(0), hashOf(1)];

/** Two models on one task of lm-eval. */
function lmEval(a: readonly unknown[], b: readonly unknown[], task = "arc"): Files {
  return {
    [`out/org__a/samples_${task}_${DATE}.jsonl`]: lines(a),
    [`out/org__a/results_${DATE}.json`]: lmEvalResults("org/a", { [task]: 1 }, { [task]: 5 }),
    [`out/org__b/samples_${task}_${DATE}.jsonl`]: lines(b),
    [`out/org__b/results_${DATE}.json`]: lmEvalResults("org/b", { [task]: 1 }, { [task]: 5 }),
  };
}

test("readEvals() reads lm-eval's samples: model, doc_hash, and acc before acc_norm", async () => {
  const line = (id: number, acc: number): unknown => lmEvalLine(id, { acc_norm: 1 - acc, acc });
  const { cells, warnings } = await readFiles(
    lmEval([line(0, 1.0), line(1, 0.0)], [line(1, 1.0), line(0, 0.0)]),
  );
  assert.deepEqual(cells, [`org/a ${H0} 1`, `org/a ${H1} 0`, `org/b ${H0} 0`, `org/b ${H1} 1`]);
  assert.deepEqual(warnings, []);
  const normed = await readFiles(lmEval([line(0, 1), line(1, 0)], [line(1, 1)]), {
    metric: ["acc_norm"],
  });
  assert.deepEqual(normed.cells, [`org/a ${H0} 0`, `org/a ${H1} 1`, `org/b ${H1} 0`]);
});

test("readEvals() takes one filter of lm-eval's, and says which lines it left out", async () => {
  const both = [0, 1].flatMap((id) => [
    lmEvalLine(id, { exact_match: id }, "flexible-extract"),
    lmEvalLine(id, { exact_match: 0 }, "strict-match"),
  ]);
  const files = { "org__a/samples_gsm8k_x.jsonl": lines(both) };
  const strict = await readFiles(files);
  assert.deepEqual(strict.cells, [`org/a ${H0} 0`, `org/a ${H1} 0`]);
  assert.equal(strict.facts["n_left_out_other_filter"], 2);
  assert.match(
    strict.warnings.join(),
    /filter strict-match is taken, and the lines of flexible-ext/,
  );
  const other = await readFiles(files, { filter: "flexible-extract" });
  assert.deepEqual(other.cells, [`org/a ${H0} 0`, `org/a ${H1} 1`]);
  await assert.rejects(readFiles(files, { filter: "strict-mach" }), /did you mean strict-match\?/);
});

test("readEvals() takes the newest run of a model, and one version and number of shots", async () => {
  const one = (id: number, acc: number): string => lines([lmEvalLine(id, { acc })]);
  const newest = await readFiles({
    [`org__a/samples_arc_${DATE}.jsonl`]: one(0, 0),
    [`org__a/samples_arc_${LATER}.jsonl`]: one(0, 1),
  });
  assert.deepEqual(newest.cells, [`org/a ${H0} 1`]);
  assert.match(
    newest.warnings.join(),
    /the newest is taken; left out 1 \(logs\/org__a\/samples_arc_2024/,
  );
  const mixed: Record<string, string> = {};
  for (const [model, version] of [["a", 1], ["b", 1], ["c", 2]] as const) {
    mixed[`${model}/samples_arc_${DATE}.jsonl`] = one(0, 1);
    mixed[`${model}/results_${DATE}.json`] = lmEvalResults(model, { arc: version }, { arc: 0 });
  }
  const { cells, warnings } = await readFiles(mixed);
  assert.deepEqual(cells, [`a ${H0} 1`, `b ${H0} 1`]);
  assert.match(
    warnings.join(),
    /taken are those of version 1, 0-shot \(2 subjects\), and left out 1 of version 2/,
  );
});

test("readEvals() takes the tasks of a group of lm-eval's that is asked for", async () => {
  const files = {
    [`a/samples_mmlu_law_${DATE}.jsonl`]: lines([lmEvalLine(0, { acc: 1 })]),
    [`a/samples_arc_${DATE}.jsonl`]: lines([lmEvalLine(0, { acc: 0 })]),
    [`a/results_${DATE}.json`]: lmEvalResults("a", { arc: 1, mmlu_law: 1 }, {}, {
      mmlu: ["mmlu_social"],
      mmlu_social: ["mmlu_law"],
    }),
  };
  assert.deepEqual((await readFiles(files)).cells, [`a arc/${H0} 0`, `a mmlu_law/${H0} 1`]);
  assert.deepEqual((await readFiles(files, { benchmarks: ["mmlu"] })).cells, [`a ${H0} 1`]);
});

for (const method of [0, 8, 93]) {
  test(`readEvals() reads an Inspect archive packed by method ${method}: epochs are trials`, async () => {
    const log = inspectLog("openai/m", "arc", [
      { id: 1, scores: { match: "C" } },
      { id: 1, epoch: 2, scores: { match: "I" } },
      { id: "q-2", scores: { match: "N" } },
      { id: 3, scores: { match: true } },
      { id: 4, scores: null },
    ]);
    const { cells, facts } = await readFiles({ "x/log.eval": inspectArchive(log, method) });
    assert.match(
      (await readFiles({ "log.eval": inspectArchive(log, method) })).warnings.join(),
      /arc: epochs are trials, and are averaged/,
    );
    const packed = { "log.eval.gz": gz(inspectArchive(log, method)) };
    assert.deepEqual((await readFiles(packed)).cells, cells);
    assert.deepEqual(cells, ["openai/m 1 0.5", "openai/m 3 1", "openai/m q-2 0"]);
    assert.equal(facts["n_left_out_missing"], 1);
    const json = await readFiles({ "log.json": inspectJson(log), "again.json": inspectJson(log) });
    assert.deepEqual(json.cells, cells);
    assert.match(json.warnings.join(), /of several runs of one subject the newest is taken/);
  });
}

test("readEvals() keeps Inspect's partial marks as it is told", async () => {
  const log = inspectLog(
    "m",
    "t",
    ["C", "P", "I"].map((value, id) => ({ id, scores: { s: value } })),
  );
  const files = { "log.eval": inspectArchive(log) };
  const refused = await readFiles(files);
  assert.deepEqual(refused.cells, ["m 0 1", "m 2 0"]);
  assert.equal(refused.facts["n_left_out_fraction"], 1);
  assert.match(refused.warnings.join(), /responses between 0 and 1 can be kept/);
  const kept = await readFiles(files, { rule: { fractions: "keep" } });
  assert.deepEqual(kept.cells, ["m 0 1", "m 1 0.5", "m 2 0"]);
  const cut = await readFiles(files, { rule: { fractions: { at_least: 0.5 } } });
  assert.deepEqual(cut.cells, ["m 0 1", "m 1 1", "m 2 0"]);
  const own = await readFiles(files, { rule: { values: { p: 0, i: null } } });
  assert.deepEqual(own.cells, ["m 0 1", "m 1 0"]);
});

test("readEvals() leaves out logs that are running, failed, cut or unscored, and goes on", async () => {
  const log = (model: string, status: string): Uint8Array =>
    inspectArchive(inspectLog(model, "t", [{ id: 1, scores: { s: "C" } }], { status }));
  const good = log("good", "success");
  const files: Files = {
    "good.eval": good,
    "failed.eval": log("failed", "error"),
    "cancelled.eval": log("cancelled", "cancelled"),
    "cut.eval": good.slice(0, good.length - 60),
    "running.eval": zip([["_journal/start.json", "{}"]], 8),
    "unscored.eval": inspectArchive(inspectLog("u", "t", [{ id: 1, scores: {} }])),
    "bare.json": JSON.stringify(inspectLog("bare", "t", []).header),
  };
  const { cells, facts, warnings } = await readFiles(files);
  assert.deepEqual([cells, facts["n_left_out"]], [["good 1 1"], 6]);
  for (
    const says of [
      /failed\.eval\): its status is error/,
      /cancelled\.eval\): its status is cancelled/,
      /cut\.eval\): not a zip file, or a damaged one/,
      /running\.eval\): it has no header/,
      /unscored\.eval\): none of its samples is scored/,
      /bare\.json\): it has no samples/,
    ]
  ) assert.match(warnings.join("\n"), says);
  await assert.rejects(readFiles(files, { strict: true }), /Cannot use logs\/.*Remove it/);
});

test("readEvals() reads Every Eval Ever: is_correct of sample_hash, or the score", async () => {
  const line = everyEvalEverLine;
  const files = {
    "d/x_samples.jsonl": lines([
      line("m", "gsm8k", "1", { score: 0.7, is_correct: false }, H0),
      line("m", "gsm8k", "2", { score: 1, is_correct: true }),
    ]),
  };
  assert.deepEqual((await readFiles(files)).cells, [`m ${H0} 0`, "m 2 1"]);
  const score = await readFiles(files, { metric: ["score"], rule: { fractions: "keep" } });
  assert.deepEqual(score.cells, [`m ${H0} 0.7`, "m 2 1"]);
});

test("readEvals() reads HELM runs: not the perturbed, and items without the model", async () => {
  const run = "mmlu:subject=law,method=joint";
  const { cells, facts, warnings } = await readFiles({
    "runs/v1/r/run_spec.json": helmSpec(run, "openai/gpt2", "mmlu"),
    "runs/v1/r/per_instance_stats.json": JSON.stringify(
      [
        helmInstance("id1", { num_references: 4, exact_match: 1 }),
        helmInstance("id1", { exact_match: 0 }, { perturbation: { name: "typos" } }),
        helmInstance("id2", { exact_match: 0 }, { split: "valid" }),
        helmInstance("id3", { exact_match: 1 }, { split: "train" }),
      ],
      null,
      2,
    ),
    "runs/v1/r/scenario_state.json": JSON.stringify({ adapter_spec: {}, request_states: [] }),
    "runs/v1/r/stats.json": JSON.stringify([{ name: {}, count: 1 }]),
  });
  assert.deepEqual(cells, [`openai/gpt2 ${run}/id1 1`, `openai/gpt2 ${run}/id2 0`]);
  assert.deepEqual([facts["n_left_out_test_condition"], warnings], [
    1,
    ["logs: mmlu: perturbed instances are left out"],
  ]);
});

test("readEvals() reads py-irt and OpenAI evals, packed or not", async () => {
  const { cells } = await readFiles({
    "t.jsonlines": lines([{ subject_id: "s", responses: { q1: 1, q2: 0.0 } }]),
    "run.jsonl.gz": gz(lines([
      { spec: { completion_fns: ["gpt-4"], eval_name: "e.dev", run_id: "r" } },
      { run_id: "r", event_id: 0, sample_id: "e.0", type: "sampling", data: { prompt: SECRET } },
      { run_id: "r", event_id: 1, sample_id: "e.0", type: "match", data: { correct: true } },
      { run_id: "r", event_id: 2, sample_id: "e.1", type: "match", data: { correct: false } },
      { final_report: { accuracy: 0.5 } },
    ])),
  });
  assert.deepEqual(cells, ["gpt-4 e.dev/e.0 1", "gpt-4 e.dev/e.1 0", "s /q1 1", "s /q2 0"]);
  await assert.rejects(
    readFiles({ "r.jsonl": lines([{ spec: { completion_fns: ["m"], eval_name: "e" } }]) }),
    /no final report: the log is running/,
  );
});

test("readEvals() names both places of a cell that two files contradict, and keeps neither", async () => {
  const line = (score: number, id: string): unknown =>
    everyEvalEverLine("m", "t", id, { is_correct: score === 1 }, null, "x");
  const files = {
    "a_samples.jsonl": lines([line(1, "1"), line(1, "2"), line(0, "3")]),
    "b_samples.jsonl": lines([line(1, "2"), line(0, "1")]),
  };
  const { cells, facts, warnings } = await readFiles(files);
  assert.deepEqual(cells, ["m 2 1", "m 3 0"]);
  assert.equal(facts["n_left_out_conflict"], 2);
  assert.match(
    warnings.join(),
    /logs\/a_samples\.jsonl, line 1: score 1, but 0 in logs\/b_samples\.jsonl, line 2/,
  );
  assert.match(warnings.join(), /1 cell is in several files, which say the same/);
  await assert.rejects(readFiles(files, { strict: true }), /another file contradicts/);
});

test("readEvals() names the lines of what is cut, NaN or a map, and never a text of it", async () => {
  const whole = lmEvalLine(3, { acc: 1 });
  const samples = [
    JSON.stringify(lmEvalLine(0, { acc: 1 })),
    JSON.stringify(lmEvalLine(1, { acc: "X" })).replace(/"X"}$/, "NaN}"),
    JSON.stringify(lmEvalLine(2, { acc: { [SECRET]: 1 } })),
    JSON.stringify(lmEvalLine(4, { acc: SECRET })),
    JSON.stringify(lmEvalLine(5, { acc: 7 })),
    "not JSON",
    JSON.stringify(whole).slice(0, -30),
  ].join("\n");
  const { cells, facts, warnings } = await readFiles({ "a/samples_t.jsonl": samples });
  assert.deepEqual(cells, [`a ${H0} 1`]);
  const { n_left_out_unscored, n_left_out_malformed, n_left_out_not_binary, n_rows } = facts;
  assert.deepEqual([n_left_out_unscored, n_left_out_malformed, n_left_out_not_binary, n_rows], [
    ...[1, 3, 2, 7],
  ]);
  assert.match(warnings.join(), /samples_t\.jsonl, line 6: it is not JSON/);
  assert.doesNotMatch(warnings.join(), /launch|not JSON"/);
});

test("readEvals() offers the nearest metric, and names what is no evaluation", async () => {
  const files = lmEval([lmEvalLine(0, { acc: 1, acc_norm: 1 })], [lmEvalLine(0, { acc: 0 })]);
  await assert.rejects(
    readFiles(files, { metric: ["acc_nrom"] }),
    /does not have the metric acc_nrom.*did you mean acc_norm\?/,
  );
  const more = {
    ...files,
    "README.md": SECRET,
    "t.xlsx": zip([["xl/a.xml", "x"]], 8),
    "e.json": "",
  };
  const { warnings, facts } = await readFiles(more);
  assert.equal(facts["n_left_out"], 0);
  assert.match(
    warnings.join(),
    /README\.md\): no evaluation.*e\.json\): an empty.*t\.xlsx\): an Excel/,
  );
  await assert.rejects(readFiles({ "a.txt": SECRET }), /it holds no evaluation that can be used/);
});

Deno.test({
  name: "readEvals() reads the real logs beside the checkout as their README says",
  ignore: ignore || !shared("data/evals/README.md"),
  fn: async () => {
    const of = async (path: string): Promise<readonly number[]> => {
      const file = { path: join(sharedPath("data/evals"), path), name: path };
      const { facts, responses: { response } } = await readResponses(evalsReader, file, {
        ...{ shape: "auto", benchmarks: null, minOverlap: 0, strict: false },
        ...{ metric: null, filter: null, rule: BINARY_RULE, columns: {} },
        warn: () => {},
      });
      const right = response.reduce((sum, y) => sum + y, 0);
      return [facts["n_subjects"], facts["n_items"], facts["n_observations"], right] as number[];
    };
    assert.deepEqual(await of("lm_eval"), [1, 10, 10, 0]);
    assert.deepEqual(await of("helm"), [2, 25, 25, 4]);
    assert.deepEqual(await of("inspect/log_streaming.eval"), [1, 2, 2, 1.5]);
    assert.deepEqual(await of("inspect/log_formats.eval"), [1, 1, 1, 0]);
    assert.deepEqual(await of("inspect/mmlu-summary-choices.eval"), [1, 1, 1, 0]);
    assert.deepEqual(await of("inspect/data_arc_qwen.json"), [1, 3, 3, 1]);
    assert.deepEqual(await of("inspect/data_arc_sonnet.json"), [1, 5, 5, 5]);
    assert.deepEqual(await of("."), [9, 45, 49, 13.5]);
    await assert.rejects(of("inspect/data_with_llm_scoring.json"), /it has no samples/);
  },
});

test("readEvals() tells when the runs of a task do not all have the chosen filter", async () => {
  const { warnings, cells } = await readFiles({
    "data/samples_data_x.jsonl": lines([lmEvalLine(0, { acc: 1 }, "strict-match")]),
    "b/samples_data_x.jsonl": lines([lmEvalLine(0, { acc: 1 }, "flexible-extract")]),
  }, {});
  assert.deepEqual(cells, [`b ${H0} 1`, `data ${H0} 1`]);
  assert.match(
    warnings.join(),
    /lm-eval data_x: not all runs have one score: metric acc, filter flexible-extract, metric acc, filter strict-match are mixed/,
  );
});

test("readEvals() counts a file that is cut to nothing by its name; strict ends at any it skips", async () => {
  const good = lmEval([lmEvalLine(0, { acc: 1 })], [lmEvalLine(0, { acc: 0 })]);
  const cut = {
    ...good,
    "c/samples_arc.jsonl": '{"doc_id',
    "c/samples_b.jsonl": "",
    "d_samples.jsonl.gz": gz(SECRET),
    "e/per_instance_stats.json": "[",
    "f.eval": "PK",
  };
  const { cells, facts, warnings } = await readFiles(cut);
  assert.deepEqual(cells, [`org/a ${H0} 1`, `org/b ${H0} 0`]);
  assert.equal(facts["n_left_out"], 5);
  assert.match(
    warnings.join(),
    /4 files cannot be used .*: no evaluation that is understood, though/,
  );
  assert.match(
    warnings.join(),
    /samples_b\.jsonl\): an empty file, though its name is that of one/,
  );
  await assert.rejects(readFiles(cut, { strict: true }), /c\/samples_arc\.jsonl: no .*, though/);
  const foreign = Object.fromEntries(
    Array.from({ length: 43 }, (_, n) => [`other/${n}.x${n}`, `${SECRET} ${n}`]),
  );
  const skipped = await readFiles({ ...good, ...foreign });
  assert.match(skipped.warnings.join(), /43 files skipped \(.*, …\): no evaluation/);
  await assert.rejects(
    readFiles({ ...good, ...foreign }, { strict: true }),
    /Cannot use logs\/other\/0\.x0: no evaluation that is understood\. Remove it/,
  );
});
