/**
 * `deno task trace`: prints when each target's last run was and how long it took, as JSON of Chrome's
 * trace events, for ui.perfetto.dev or chrome://tracing.
 *
 * @module
 */
import { join } from "@std/path";

/** What of a record a trace needs. */
export interface TracedRun {
  readonly target: string;
  readonly seconds: number;
  /** When it ended: ISO 8601. */
  readonly when: string;
  readonly key: string;
  readonly manifest: { readonly task: string };
}

/** A complete event (`ph` is `X`); times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: "X";
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, string>>;
}

/** The runs as events from time 0; those that overlap are in separate rows. */
export function traceEvents(runs: readonly TracedRun[]): TraceEvent[] {
  const spans = runs.map((run) => {
    const end = 1000 * Date.parse(run.when);
    const dur = Math.round(1e6 * run.seconds);
    return { run, start: end - dur, dur };
  }).sort((a, b) => a.start - b.start || (a.run.target < b.run.target ? -1 : 1));
  const rows: number[] = [];
  return spans.map(({ run: { target, key, manifest: { task } }, start, dur }) => {
    const free = rows.findIndex((end) => end <= start);
    const tid = free < 0 ? rows.length : free;
    rows[tid] = start + dur;
    const args = { key };
    const ts = start - spans[0]!.start;
    return { name: target, cat: task, ph: "X", ts, dur, pid: 1, tid: tid + 1, args };
  });
}

/** The last runs of all targets that have been built and whose record is there. */
function lastRuns(root: string): TracedRun[] {
  const states = join(root, "cache", "states");
  const runs: TracedRun[] = [];
  for (const { name } of Deno.readDirSync(states)) {
    if (name.startsWith(".")) continue;
    try {
      const { key } = JSON.parse(Deno.readTextFileSync(join(states, name)));
      const record = join(root, "cache", "records", `${key}.json`);
      runs.push(JSON.parse(Deno.readTextFileSync(record)) as TracedRun);
    } catch {
      // It failed, or its record has been collected.
    }
  }
  return runs;
}

const say = (text: string): number => Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));

if (import.meta.main) {
  if (Deno.args.length > 0) {
    say("Usage: deno task trace > trace.json\n\nPrint when each target ran, for ui.perfetto.dev.");
    Deno.exit(Deno.args[0] === "--help" ? 0 : 2);
  }
  try {
    const traceEventsOfRuns = traceEvents(lastRuns(Deno.cwd()));
    const text = JSON.stringify({ displayTimeUnit: "ms", traceEvents: traceEventsOfRuns });
    await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    say("Nothing has been built yet. Run: deno task reproduce");
    Deno.exit(2);
  }
}
