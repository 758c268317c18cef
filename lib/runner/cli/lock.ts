import { assessAll, openWorkspace } from "../assess.ts";
import { lockOf, writeLock } from "../lockfile.ts";
import { planWorkflow } from "../config/plan.ts";
import { select } from "./select.ts";
import type { Command } from "./commands.ts";
import { write } from "./output.ts";

/** `lock`: writes the digests of all outputs to workflow.lock.json. */
export const lock: Command = async (root) => {
  const plan = await planWorkflow(root, []);
  const workspace = await openWorkspace(plan);
  const locked = lockOf(await assessAll(workspace, select(plan, [])));
  await writeLock(root, locked);
  write(`workflow.lock.json holds the digests of ${Object.keys(locked.targets).length} targets.\n`);
  return 0;
};
