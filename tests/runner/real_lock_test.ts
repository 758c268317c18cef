import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { readLock } from "../../lib/runner/lockfile.ts";
import { selectResults } from "../../lib/runner/cli/select.ts";
import { PAPER } from "../../lib/main.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import { allowed } from "../support.ts";

Deno.test({
  name: "workflow.lock.json knows every target that the figures need, and no other",
  ignore: !allowed("read", "env"),
  fn: async () => {
    const root = fromFileUrl(new URL("../../", import.meta.url));
    const plan = await planWorkflow({ root, ...PAPER }, []);
    const lock = await readLock(root);
    assert.deepEqual(Object.keys(lock.targets).sort(), [...selectResults(plan)].sort());
  },
});
