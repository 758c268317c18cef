import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { readLock } from "../../lib/runner/lockfile.ts";
import { selectFigures } from "../../lib/runner/cli/select.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import { allowed } from "../support.ts";

Deno.test({
  name: "workflow.lock.json knows every target that the figures need, and no other",
  ignore: !allowed("read", "env"),
  fn: async () => {
    const root = fromFileUrl(new URL("../../", import.meta.url));
    const plan = await planWorkflow(root, []);
    const lock = await readLock(root);
    assert.deepEqual(Object.keys(lock.targets).sort(), [...selectFigures(plan)].sort());
  },
});
