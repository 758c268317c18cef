import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { PAPER } from "../../lib/main.ts";
import { valueOf } from "../../lib/runner/config/document.ts";
import { lookup } from "../../lib/runner/config/params.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import type { Plan, PlannedTarget } from "../../lib/runner/config/planned.ts";
import { allowed } from "../support.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

/** What makes the response table with some values of params, and the modules of the project that it imports. */
async function madeWith(
  set: Readonly<Record<string, string>>,
): Promise<{ readonly plan: Plan; readonly target: PlannedTarget; readonly modules: string[] }> {
  const overrides = Object.entries(set).map(([name, text]) => ({ name, text }));
  const plan = await planWorkflow({ root, ...PAPER }, overrides);
  const target = [...plan.targets.values()].find(({ name }) => /\/responses_/.test(name))!;
  return { plan, target, modules: Object.keys(plan.code.get(target.taskId)!.modules) };
}

Deno.test({
  name: "each source is a task, and its key holds the reader of no other",
  ignore: !allowed("read", "write", "env", "run"),
  fn: async () => {
    const { plan, target: simulated, modules } = await madeWith({});
    assert.deepEqual(modules.filter((path) => /read_(csv|parquet|evals)|sources/.test(path)), []);
    const sources = lookup(plan.params, ["sources"]);
    const written = sources === undefined
      ? {}
      : valueOf(sources) as Record<string, { task: string }>;
    const tasks = new Set(Object.values(written).map(({ task }) => task));
    assert.equal(tasks.size, Object.keys(written).length);
    for (const task of tasks) assert.ok((await Deno.stat(join(root, task))).isFile, task);
    assert.equal(simulated.inputs.size, 0);
    const { target: fetched } = await madeWith({ "responses.source": "bfcl" });
    assert.equal(fetched.inputs.get("fetched")?.producer, "cache/bfcl.zip");
    const csv = await madeWith({ "responses.source": "csv", "responses.path": "README.md" });
    assert.deepEqual(csv.modules.filter((path) => /read_evals|read_bundle/.test(path)), []);
  },
});
