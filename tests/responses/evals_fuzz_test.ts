import assert from "node:assert/strict";
import fc from "fast-check";
import { PrunedJson } from "../../lib/responses/sources/pruned_json.ts";
import { repetitions } from "../runner/soak.ts";
import { allowed } from "../support.ts";
import {
  everyEvalEverLine,
  type Files,
  gz,
  helmInstance,
  helmSpec,
  inspectArchive,
  inspectJson,
  inspectLog,
  lines,
  lmEvalLine,
  readFiles,
} from "./evals_fixtures.ts";
import { mutated } from "./mutated.ts";

/** Inputs in all, in CI and in a soak; each test takes its share. */
const INPUTS = repetitions(2000, 10_000);

/** Longest that one small input may take, in ms. */
const PATIENCE = 60_000;

const log = inspectLog("m", "t", [
  { id: 1, scores: { s: "C" } },
  { id: 2, epoch: 2, scores: { s: "I" } },
]);
const encoder = new TextEncoder();
const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === "string" ? encoder.encode(text) : text;
const samples = lines([lmEvalLine(0, { acc: 1 }), lmEvalLine(1, { acc: 0 }, "other")]);

/** What is mutated, the file's name, and what lies beside it. */
const KINDS: Readonly<Record<string, readonly [string | Uint8Array, string, Files]>> = {
  "lm-eval": [samples, "a/samples_t.jsonl", {}],
  "a gzip of lm-eval": [gz(samples), "a/samples_t.jsonl.gz", {}],
  "an Inspect archive": [inspectArchive(log), "log.eval", {}],
  "a deflated Inspect archive": [inspectArchive(log, 8), "log.eval", {}],
  "an Inspect archive of mutated texts": [inspectArchive(log, 0), "log.eval", {}],
  "an Inspect log in JSON": [inspectJson(log), "log.json", {}],
  "Every Eval Ever": [
    lines([everyEvalEverLine("m", "t", "1", { score: 0.5, is_correct: true })]),
    "x_samples.jsonl",
    {},
  ],
  "HELM": [
    JSON.stringify([helmInstance("id1", { exact_match: 1 }), helmInstance("id2", { f1: 0.5 })]),
    "r/per_instance_stats.json",
    { "r/run_spec.json": helmSpec("mmlu:a=b", "m", "mmlu") },
  ],
  "py-irt": [lines([{ subject_id: "s", responses: { q1: 1, q2: 0 } }]), "t.jsonl", {}],
  "OpenAI evals": [
    lines([
      { spec: { completion_fns: ["m"], eval_name: "e" } },
      { sample_id: "1", type: "match", data: { correct: true } },
      { final_report: {} },
    ]),
    "r.jsonl",
    {},
  ],
};

for (const [name, [content, file, beside]] of Object.entries(KINDS)) {
  Deno.test({
    name: `${name}, mutated: a whole table or an error in words, and soon`,
    ignore: !allowed("read", "write"),
    fn: async () => {
      const runs = INPUTS / Object.keys(KINDS).length;
      let ended = 0;
      await fc.assert(
        fc.asyncProperty(mutated(bytesOf(content)), async (bytes) => {
          const started = performance.now();
          try {
            const { responses } = await readFiles({ ...beside, [file]: bytes });
            assert.ok(responses.response.every((y) => y >= 0 && y <= 1));
          } catch (error) {
            assert.ok(
              error instanceof Error && error.name === "InputError",
              `${(error as Error).stack}`,
            );
            assert.match(error.message, /^Cannot use logs/);
          }
          ended++;
          assert.ok(performance.now() - started < PATIENCE);
        }),
        { numRuns: runs, seed: 1, endOnFailure: true },
      );
      assert.equal(ended, runs);
    },
  });
}

Deno.test("PrunedJson reads what JSON.parse reads, in every part that is kept", () => {
  const json = new PrunedJson();
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      const value = json.parse(encoder.encode(text), "all");
      assert.equal(plain(value), plain(JSON.parse(text)));
    }),
    { numRuns: 2000, seed: 1 },
  );
});

/** A value as text; big integers, which are exact here, as JSON.parse rounds them. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, one) => typeof one === "bigint" ? Number(one) : one);
}

Deno.test("PrunedJson passes over what is not kept, wherever a buffer is cut", () => {
  const text = encoder.encode(
    '{"a":{"x":["}",{"y":"\\\\\\""}]},"b":1e-3,"a2":[[],{}],"c":"\\u00e9"}',
  );
  const json = new PrunedJson();
  const kept = json.parse(text, { b: "scalar", c: "scalar" });
  assert.deepEqual({ ...kept as Record<string, unknown> }, { b: 0.001, c: "é" });
  for (let end = 0; end < text.length; end++) {
    assert.throws(() => json.parse(text, { b: "scalar" }, 0, end), /cut short|not JSON/);
  }
});
