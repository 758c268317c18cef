/**
 * Times the readers of evaluations on logs that it writes: see README.md.
 *
 *     deno run -A bench/evals.ts
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { cpuUsage } from "node:process";
import { join } from "@std/path";
import { indexed } from "../lib/responses/read_responses.ts";
import { readEvals } from "../lib/responses/sources/read_evals.ts";
import { BINARY_RULE } from "../lib/responses/values.ts";
import { zipMember } from "../tests/responses/evals_fixtures.ts";

/** lm-eval: models and lines of each; Inspect: samples. */
const [MODELS, LINES, SAMPLES] = [50, 20_000, 100_000];

/** Zip's number for zstd. */
const ZSTD = 93;

/** A text as long as a question. */
const TEXT = 'What is the least number of steps, said "she"? '.repeat(6);

async function writeLmEval(folder: string): Promise<void> {
  for (let m = 0; m < MODELS; m++) {
    const own = join(folder, `org__model-${m}`);
    await Deno.mkdir(own);
    const lines: string[] = [];
    for (let i = 0; i < LINES; i++) {
      const hash = i.toString(16).padStart(64, "0");
      lines.push(JSON.stringify({
        ...{ doc_id: i, doc: { question: TEXT, answer: "4" }, target: "4" },
        arguments: { gen_args_0: { arg_0: TEXT } },
        ...{ resps: [[TEXT]], filtered_resps: ["4"], filter: "none", metrics: ["exact_match"] },
        ...{ doc_hash: hash, prompt_hash: hash, target_hash: hash },
        exact_match: (i * 7 + m * 3) % 5 < 2 ? 1 : 0,
      }));
    }
    await Deno.writeTextFile(join(own, "samples_t_2025-01-01T00-00-00.0.jsonl"), lines.join("\n"));
  }
}

/** An archive with one member for each sample, all packed by zstd. */
async function writeInspect(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const directory: Buffer[] = [];
  let offset = 0;
  let members = 0;
  const add = (name: string, content: Buffer): void => {
    const { body, entry } = zipMember(name, content, ZSTD, offset);
    directory.push(entry);
    for (let at = 0; at < body.length;) at += file.writeSync(body.subarray(at));
    offset += body.length;
    members++;
  };
  const sample = Buffer.from(JSON.stringify({ input: TEXT, output: TEXT }));
  const summaries: unknown[] = [];
  for (let id = 1; id <= SAMPLES; id++) {
    add(`samples/${id}_epoch_1.json`, sample);
    const score = { value: id % 3 ? "C" : "I", answer: "4", explanation: TEXT };
    summaries.push({ id, epoch: 1, input: TEXT, target: "4", scores: { match: score } });
  }
  add("summaries.json", Buffer.from(JSON.stringify(summaries)));
  const run = { task: "t", model: "m", created: "2025-01-01T00:00:00Z", task_version: 0 };
  add("header.json", Buffer.from(JSON.stringify({ version: 2, status: "success", eval: run })));
  const start = offset;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  // The members are too many for 16 bits: a zip64 end record and its locator.
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(members), 24);
  end64.writeBigUInt64LE(BigInt(members), 32);
  end64.writeBigUInt64LE(BigInt(size), 40);
  end64.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + size), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.fill(0xff, 8, 20);
  const tail = Buffer.concat([...directory, end64, locator, end]);
  for (let at = 0; at < tail.length;) at += file.writeSync(tail.subarray(at));
}

/** Reads in a process of its own, for its memory; prints seconds and MiB. */
async function measure(what: string, path: string): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.filename!, "read", path],
    stderr: "inherit",
  });
  const { stdout } = await command.output();
  // deno-lint-ignore no-console
  console.log(`${what}: ${new TextDecoder().decode(stdout).trim()}`);
}

async function read(path: string): Promise<void> {
  const began = performance.now();
  const warn = (message: string): void =>
    void Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  const { observations } = await readEvals(path, "logs", {
    ...{ metric: null, filter: null, benchmarks: null, strict: false, rule: BINARY_RULE, warn },
  });
  const { facts } = indexed(observations, "logs", {}, { minOverlap: 0, strict: false, warn });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = cpuUsage();
  const cpu = ((user + system) / 1e6).toFixed(1);
  const status = await Deno.readTextFile("/proc/self/status");
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  // deno-lint-ignore no-console
  console.log(
    `${facts["n_observations"]} cells, ${seconds.toFixed(1)} s (${cpu} s of processor), ${
      peak.toFixed(0)
    } MiB`,
  );
}

if (Deno.args[0] === "read") await read(Deno.args[1]!);
else {
  const folder = await Deno.makeTempDir({ prefix: "bench-evals-" });
  try {
    await writeLmEval(folder);
    await measure(`lm-eval, ${MODELS * LINES} lines`, folder);
    await writeInspect(join(folder, "log.eval"));
    await measure(`Inspect, ${SAMPLES} samples`, join(folder, "log.eval"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
