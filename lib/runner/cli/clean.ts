import { join } from "@std/path";
import { openWorkspace } from "../assess.ts";
import { planWorkflow } from "../config/plan.ts";
import type { Command } from "./commands.ts";
import { write } from "./output.ts";

/** `clean`: removes outputs that the cache can put back. */
export const clean: Command = async (root, options) => {
  const plan = await planWorkflow(root, options.overrides);
  const workspace = await openWorkspace(plan);
  let removed = 0;
  for (const { outputs } of plan.targets.values()) {
    for (const path of outputs.values()) {
      const digest = await workspace.digests.of(join(root, path));
      if (digest === undefined) continue;
      if (!await workspace.store.hasContent(digest)) {
        write(`${path} is no task's work; it stays\n`);
        continue;
      }
      if (!options.dryRun) await Deno.remove(join(root, path));
      removed++;
    }
  }
  write(`${removed} files ${options.dryRun ? "would be " : ""}removed; \`deno task reproduce\` `);
  write("restores them from the cache.\n");
  return 0;
};
