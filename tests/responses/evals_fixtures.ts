import { Buffer } from "node:buffer";
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { dirname, join } from "@std/path";
import { readEvals } from "../../lib/responses/sources/read_evals.ts";
import { indexed } from "../../lib/responses/read_responses.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import type { Facts } from "../../lib/artifact/kind.ts";
import { BINARY_RULE, type ResponseRule } from "../../lib/responses/values.ts";

/** A text that stands wherever prompts and answers stand, and must never be seen again. */
export const SECRET = "The launch code is 0000";

/** Files by their paths. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Settings of a test, where they are not the usual ones. */
export interface Settings {
  readonly metric?: readonly string[];
  readonly filter?: string;
  readonly rule?: Partial<ResponseRule>;
  readonly benchmarks?: readonly string[];
  readonly strict?: boolean;
}

/** What reading gave. */
export interface Given {
  readonly responses: Responses;
  readonly facts: Facts;
  readonly warnings: readonly string[];
  /** Subject, item and response of each cell. */
  readonly cells: readonly string[];
}

/** Writes files into a temporary folder, reads them as evaluations, and removes them. */
export async function readFiles(files: Files, settings: Settings = {}): Promise<Given> {
  const folder = await Deno.makeTempDir({ prefix: "evals-" });
  const warnings: string[] = [];
  const { metric = null, filter = null, benchmarks = null, strict = false, rule = {} } = settings;
  const warn = (message: string): void => void warnings.push(message);
  try {
    await writeFiles(folder, files);
    const { observations, files: n_files, filesLeftOut: n_left_out } = await readEvals(
      folder,
      "logs",
      {
        ...{ metric, filter, benchmarks, strict, warn },
        rule: { ...BINARY_RULE, ...rule },
      },
    );
    const facts = { n_files, n_left_out };
    const read = indexed(observations, "logs", facts, { minOverlap: 0, strict, warn });
    const { responses: { subjectIds, itemIds, subject, item, response } } = read;
    const cells = Array.from(
      response,
      (y, n) => `${subjectIds[subject[n]!]} ${itemIds[item[n]!]} ${y}`,
    );
    return { ...read, warnings, cells };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes files into a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
}

/** Maps as lines. */
export function lines(maps: readonly unknown[]): string {
  return maps.map((map) => `${JSON.stringify(map)}\n`).join("");
}

/** A line of lm-eval's samples, with the fields of version 0.4.9. */
export function lmEvalLine(
  id: number,
  metrics: Readonly<Record<string, unknown>>,
  filter = "none",
): Record<string, unknown> {
  return {
    doc_id: id,
    doc: { question: SECRET, "doc_id": 99, nested: [{ acc: 7 }] },
    target: SECRET,
    arguments: { gen_args_0: { arg_0: `${SECRET} "quoted" \\ and {braces}` } },
    resps: [[SECRET]],
    filtered_resps: [SECRET],
    filter,
    metrics: Object.keys(metrics),
    doc_hash: hashOf(id),
    prompt_hash: "b".repeat(64),
    target_hash: "c".repeat(64),
    ...metrics,
  };
}

/** A hash that sorts as its number does. */
export function hashOf(id: number): string {
  return id.toString(16).padStart(64, "0");
}

/** What lm-eval writes beside its samples. */
export function lmEvalResults(
  model: string,
  versions: Readonly<Record<string, number>>,
  shots: Readonly<Record<string, number>> = {},
  groups: Readonly<Record<string, readonly string[]>> = {},
): string {
  return JSON.stringify(
    {
      results: Object.fromEntries(Object.keys(versions).map((task) => [task, { "acc,none": 0.5 }])),
      group_subtasks: groups,
      configs: {},
      versions,
      "n-shot": shots,
      model_name: model,
    },
    null,
    2,
  );
}

/** A sample of Inspect. */
export interface InspectSample {
  readonly id: number | string;
  readonly epoch?: number;
  readonly scores: Readonly<Record<string, unknown>> | null;
}

/** The parts of an Inspect log. */
export function inspectLog(
  model: string,
  task: string,
  samples: readonly InspectSample[],
  { status = "success", created = "2025-02-11T15:17:00-05:00", version = 0 } = {},
): { readonly header: Record<string, unknown>; readonly samples: readonly unknown[] } {
  const scorers = [...new Set(samples.flatMap(({ scores }) => Object.keys(scores ?? {})))];
  return {
    header: {
      version: 2,
      status,
      eval: { task, task_version: version, model, created, dataset: { name: SECRET } },
      plan: { steps: [{ solver: "generate", params: { template: SECRET } }] },
      results: { scores: scorers.map((name) => ({ name, scorer: name })) },
      stats: {},
    },
    samples: samples.map(({ id, epoch = 1, scores }) => ({
      ...{ id, epoch, input: SECRET, target: SECRET, completed: true },
      scores: scores && Object.fromEntries(
        Object.entries(scores).map((
          [name, value],
        ) => [name, { value, answer: SECRET, explanation: SECRET }]),
      ),
    })),
  };
}

/** An Inspect log as an archive, its members packed by a method: 0, 8 (deflate) or 93 (zstd). */
export function inspectArchive(log: ReturnType<typeof inspectLog>, method = 93): Uint8Array {
  return zip([
    ["_journal/start.json", JSON.stringify({ version: 2 })],
    ["samples/1_epoch_1.json", JSON.stringify({ input: SECRET })],
    ["summaries.json", JSON.stringify(log.samples, null, 1)],
    ["header.json", JSON.stringify(log.header, null, 1)],
  ], method);
}

/** An Inspect log in its JSON form. */
export function inspectJson(log: ReturnType<typeof inspectLog>): string {
  return JSON.stringify({ ...log.header, samples: log.samples, reductions: [] }, null, 2);
}

/** A member of a zip archive that stands at an offset, and its entry in the directory. */
export function zipMember(
  name: string,
  content: Buffer,
  method: number,
  offset: number,
): { readonly body: Buffer; readonly entry: Buffer } {
  const packed = method === 93
    ? zstdCompressSync(content)
    : method === 8
    ? deflateRawSync(content)
    : content;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(method, 8);
  local.writeUInt32LE(crc32(content), 14);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  local.copy(entry, 6, 4, 30);
  entry.writeUInt32LE(offset, 42);
  const named = Buffer.from(name);
  return { body: Buffer.concat([local, named, packed]), entry: Buffer.concat([entry, named]) };
}

/** A zip archive. */
export function zip(members: readonly (readonly [string, string])[], method: number): Uint8Array {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of members) {
    const { body, entry } = zipMember(name, Buffer.from(text), method, offset);
    bodies.push(body);
    directory.push(entry);
    offset += body.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...bodies, ...directory, end]));
}

/** A line of Every Eval Ever. */
export function everyEvalEverLine(
  model: string,
  task: string,
  id: string,
  evaluation: Readonly<Record<string, unknown>>,
  hash: string | null = null,
  time = "1764204739",
): Record<string, unknown> {
  return {
    schema_version: "0.3.0",
    evaluation_id: `${task}/${model}/${time}`,
    model_id: model,
    evaluation_name: task,
    sample_id: id,
    sample_hash: hash,
    interaction_type: "single_turn",
    input: { raw: SECRET, reference: [SECRET] },
    output: { raw: [SECRET] },
    answer_attribution: [{ extracted_value: SECRET }],
    evaluation,
  };
}

/** An instance of HELM with its statistics. */
export function helmInstance(
  id: string,
  means: Readonly<Record<string, number>>,
  { perturbation, split = "test" }: { perturbation?: unknown; split?: string } = {},
): Record<string, unknown> {
  return {
    instance_id: id,
    train_trial_index: 0,
    ...(perturbation !== undefined && { perturbation }),
    stats: Object.entries(means).map(([name, mean]) => ({
      name: { name, split },
      count: 1,
      sum: mean,
      mean,
    })),
  };
}

/** The specification of a HELM run. */
export function helmSpec(run: string, model: string, group: string): string {
  return JSON.stringify({
    name: `${run},model=${model.replaceAll("/", "_")}`,
    scenario_spec: {},
    adapter_spec: { instructions: SECRET, model, model_deployment: model },
    groups: [group],
  });
}

/** As gzip. */
export function gz(text: string | Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(text));
}
