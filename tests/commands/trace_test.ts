import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { type TracedRun, traceEvents } from "../../lib/commands/trace.ts";
import { allowed } from "../support.ts";

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

Deno.test({
  name:
    "trace, serve and setup:cuda print their usage for --help, and end with 2 for what they do not know",
  ignore: !allowed("read", "run"),
  fn: async () => {
    const modules = ["commands/trace", "commands/serve", "onnx/setup_cuda"];
    await Promise.all(
      modules.flatMap((module) =>
        [["--help", 0] as const, ["--halp", 2] as const].map(async ([option, expected]) => {
          const path = fromFileUrl(new URL(`../../lib/${module}.ts`, import.meta.url));
          const args = ["run", "--quiet", "--no-prompt", "--allow-read", path, option];
          const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
          assert.match(new TextDecoder().decode(stderr), /^Usage: deno task /m);
          assert.equal(code, expected, `${module} ${option}`);
        })
      ),
    );
  },
});
