import assert from "node:assert/strict";
import { type TracedRun, traceEvents } from "../../lib/commands/trace.ts";

const run = (target: string, end: number, seconds: number): TracedRun => ({
  target,
  seconds,
  when: new Date(end * 1000).toISOString(),
  key: "k",
  manifest: { task: "tasks/t.ts" },
});

Deno.test("traceEvents() counts from the first start, and puts what overlaps in rows", () => {
  const events = traceEvents([run("c", 109, 3), run("a", 104, 4), run("b", 105, 3)]);
  assert.deepEqual(events.map(({ name, ts, dur, tid }) => [name, ts, dur, tid]), [
    ["a", 0, 4e6, 1],
    ["b", 2e6, 3e6, 2],
    ["c", 6e6, 3e6, 1],
  ]);
  assert.deepEqual(traceEvents([]), []);
});
