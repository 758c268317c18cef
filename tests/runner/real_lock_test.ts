import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { PAPER } from "../../lib/main.ts";
import { selectResults } from "../../lib/runner/cli/select.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import { readLock } from "../../lib/runner/lockfile.ts";
import { allowed } from "../support.ts";

const REMEDY = "run: deno task reproduce && deno task lock";

Deno.test({
  name: "workflow.lock.json knows no target that workflow.yaml does not have; new ones are named",
  ignore: !allowed("read", "env"),
  fn: async () => {
    const root = fromFileUrl(new URL("../../", import.meta.url));
    const wanted = selectResults(await planWorkflow({ root, ...PAPER }, []));
    const locked = new Set(Object.keys((await readLock(root)).targets));
    const gone = [...locked].filter((name) => !wanted.has(name as never));
    assert.deepEqual(gone, [], `workflow.lock.json has targets that are gone; ${REMEDY}`);
    const added = [...wanted].filter((name) => !locked.has(name));
    if (added.length === 0) return;
    // A new target has no bytes to compare yet: that is to be said, and is not an error.
    const note = `workflow.lock.json does not know ${added.join(", ")}; ${REMEDY}\n`;
    await Deno.stderr.write(new TextEncoder().encode(note));
  },
});
