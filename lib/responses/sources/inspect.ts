import { openZip, type ZipMember, type ZipSource, zipSourceOf } from "../../base/unzip.ts";
import { digestOf } from "../../base/digest.ts";
import { NOT_BINARY } from "../values.ts";
import { chooseMetric } from "./choose_metric.ts";
import { chunksOf, concat, isGzip, unpacked } from "./chunks.ts";
import { type Choice, type EvalFile, type EvalRun, RunRows, Unusable } from "./eval_run.ts";
import { eachEntry } from "./json_entries.ts";
import { MAX_ENTRY } from "./json_lines.ts";
import { mapOf } from "./each_line_map.ts";
import { JsonError, type Keep, PrunedJson } from "./pruned_json.ts";

/** Most members of a log: one for each sample. */
const MAX_MEMBERS = 4_000_000;

/** The first bytes of gzip. */
const GZIP_MARK = 2;

/** What Inspect's letters stand for: correct, incorrect, partial, no answer. */
const LETTERS: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };

const EVAL: Keep = {
  task: "scalar",
  task_version: "scalar",
  task_args: "all",
  model: "scalar",
  created: "scalar",
};
const NAMES: Keep = { scores: { name: "scalar" } };
const HEADER: Keep = { status: "scalar", invalidated: "scalar", eval: EVAL, results: NAMES };

/** What is kept of a sample: no input, no target, no answer. */
const SAMPLE: Keep = { id: "scalar", epoch: "scalar", scores: { "*": { value: "scalar" } } };

/**
 * A run of Inspect as a `.eval` archive, of which the header and the summaries alone are read.
 *
 * @throws {Unusable} When the log is running, failed, was cancelled, or is damaged.
 */
export async function inspectArchive(file: EvalFile): Promise<EvalRun> {
  using archive = await openArchive(file.path);
  const header = memberOf(membersOf(archive), "header.json");
  if (header === undefined) throw new Unusable("it has no header: the log is running, or was cut");
  const chunks = await words(() => Array.fromAsync(header.chunks(), (chunk) => chunk.slice()));
  const log = await words(() => mapOf(new PrunedJson().parse(concat(chunks), HEADER)));
  async function* summariesOf(onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    using archive = await openArchive(file.path);
    const members = membersOf(archive);
    const summaries = memberOf(members, "summaries.json");
    if (summaries === undefined) throw new Unusable("it has no summaries of its samples");
    onRead(archive.length);
    yield* summaries.chunks();
  }
  return runOf(file, log, summariesOf, undefined);
}

/**
 * A run of Inspect in its JSON form.
 *
 * @throws {Unusable} As {@linkcode inspectArchive}.
 */
export async function inspectJson(file: EvalFile): Promise<EvalRun> {
  const json = new PrunedJson();
  const log: Record<string, unknown> = {};
  let samples = 0;
  await words(() =>
    eachEntry(chunksOf(file.path), "samples", () => samples++, (key, bytes) => {
      const keep = key === "eval" ? EVAL : key === "results" ? NAMES : undefined;
      if (keep !== undefined) log[key] = json.parse(bytes, keep);
      if (key === "status") log[key] = json.parse(bytes, "scalar");
    })
  );
  const run = runOf(file, log, (onRead) => chunksOf(file.path, onRead), "samples");
  if (samples === 0) throw new Unusable("it has no samples: the log was written without them");
  return run;
}

/** An archive, open for reading; one that is packed as gzip is unpacked into memory. */
async function openArchive(path: string): Promise<ZipSource & Disposable> {
  const file = await Deno.open(path);
  const source = zipSourceOf(file);
  if (!isGzip(source.slice(0, GZIP_MARK))) {
    return { ...source, [Symbol.dispose]: () => file.close() };
  }
  file.close();
  const bytes = await words(() => unpacked(path));
  return {
    length: bytes.length,
    slice: (start, end) => bytes.slice(start, end),
    [Symbol.dispose]: () => {},
  };
}

function membersOf(archive: ZipSource): readonly ZipMember[] {
  try {
    return openZip(archive, MAX_MEMBERS, true);
  } catch (cause) {
    throw new Unusable((cause as Error).message);
  }
}

/** The last member of a name: a log that was written again has several. */
function memberOf(members: readonly ZipMember[], name: string): ZipMember | undefined {
  const member = members.findLast((one) => one.name === name);
  if (name === "header.json" && member !== undefined && member.size > MAX_ENTRY) {
    throw new Unusable("its header is too large");
  }
  return member;
}

function runOf(
  file: EvalFile,
  log: Readonly<Record<string, unknown>>,
  chunks: (onRead: (bytes: number) => void) => AsyncGenerator<Uint8Array>,
  key: string | undefined,
): EvalRun {
  const { status } = log;
  const spec = (log["eval"] ?? {}) as Readonly<Record<string, unknown>>;
  const { model, task, created, task_version, task_args } = spec;
  if (status !== "success") {
    const known = ["started", "cancelled", "error"].find((one) => one === status);
    throw new Unusable(`its status is ${known ?? "not known"}, not success`);
  }
  if (log["invalidated"] === true) throw new Unusable("it was invalidated");
  if (typeof model !== "string" || typeof task !== "string") {
    throw new Unusable("its header names no model and task");
  }
  const time = typeof created === "string" ? new Date(created).getTime() : NaN;
  const args = JSON.stringify(task_args ?? {});
  const scorers = ((log["results"] as { scores?: unknown } | undefined)?.scores ?? []) as unknown;
  return {
    format: "inspect",
    file,
    subject: model,
    task,
    condition: [
      `version ${typeof task_version === "symbol" ? "?" : task_version ?? 0}`,
      ...(args === "{}" ? [] : [`task arguments ${digestOf(args).slice(0, 6)}`]),
    ].join(", "),
    date: Number.isNaN(time) ? "" : new Date(time).toISOString(),
    read: (into, choice, onRead) =>
      readSamples({ model, task, scorers: namesOf(scorers) }, chunks(onRead), key, into, choice),
  };
}

function namesOf(scorers: unknown): readonly string[] {
  if (!Array.isArray(scorers)) return [];
  const names = scorers.map((one) => (one as { name?: unknown } | null)?.name);
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

async function readSamples(
  run: { readonly model: string; readonly task: string; readonly scorers: readonly string[] },
  chunks: AsyncGenerator<Uint8Array>,
  key: string | undefined,
  into: RunRows,
  choice: Choice,
): Promise<void> {
  const json = new PrunedJson();
  let scorer: string | undefined;
  let scored = 0;
  await words(() =>
    eachEntry(chunks, key, (bytes, start, end, number) => {
      let sample: Record<string, unknown>;
      try {
        if (bytes === undefined) throw new JsonError("it is too long");
        sample = mapOf(json.parse(bytes, SAMPLE, start, end));
      } catch (cause) {
        if (!(cause instanceof JsonError)) throw cause;
        return into.malformed(number, cause.message);
      }
      const scores = (typeof sample["scores"] === "object" ? sample["scores"] ?? {} : {}) as Record<
        string,
        { readonly value?: unknown } | null
      >;
      const names = Object.keys(scores);
      if (names.length > 0) {
        scored++;
        scorer ??= choose(run.scorers, names, choice, into, run.task);
      }
      const score = scorer === undefined ? undefined : scores[scorer]?.value;
      const { epoch } = sample;
      if (typeof epoch === "number" && epoch > 1) {
        into.notes.add(`${run.task}: epochs are trials, and are averaged`);
      }
      into.add({
        subject: run.model,
        benchmark: run.task,
        item: sample["id"],
        score: lettered(into, score),
      }, number);
    })
  );
  if (scored === 0) throw new Unusable("none of its samples is scored");
  into.used = `scorer ${scorer}`;
  into.flush();
}

/** A letter as its number, unless it was given its own value. */
function lettered(into: RunRows, score: unknown): unknown {
  if (typeof score !== "string" || !Object.hasOwn(LETTERS, score)) return score;
  return into.into.responseOf(score) === NOT_BINARY ? LETTERS[score] : score;
}

function choose(
  listed: readonly string[],
  found: readonly string[],
  choice: Choice,
  into: RunRows,
  task: string,
): string {
  const names = [...new Set([...listed.filter((name) => found.includes(name)), ...found])];
  const scorer = chooseMetric(names, choice, names.slice(0, 1));
  if (choice.metric === null && names.length > 1) {
    into.notes.add(`${task}: scorer ${scorer} is taken of ${names.slice(0, 8).join(", ")}`);
  }
  return scorer;
}

/** Does what may find a file damaged, which is then the reason to skip it. */
async function words<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof JsonError || cause instanceof TypeError || cause instanceof RangeError) {
      throw new Unusable(cause.message);
    }
    throw cause;
  }
}
