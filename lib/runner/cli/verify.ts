import { InputError } from "../../base/errors.ts";
import { assessAll, openWorkspace } from "../assess.ts";
import { localExecutor } from "../executor/local.ts";
import { planWorkflow } from "../config/plan.ts";
import { formatReason } from "../reason.ts";
import { matching, select } from "./select.ts";
import { Slots } from "../semaphore.ts";
import { verifyTarget } from "./verify_target.ts";
import type { Command } from "./command.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import { listener, reportWarnings, write } from "./output.ts";

/** `verify`: runs tasks again and compares the bytes. */
export const verify: Command = async (project, options) => {
  const plan = await planWorkflow(project, options.overrides);
  const workspace = await openWorkspace(plan);
  const states = await assessAll(workspace, select(plan, options.targets));
  reportWarnings(workspace.store);
  const listen = listener(options);
  const slots = new Slots(options.jobs);
  const executor = localExecutor(project);
  return await interruptible(async (signal) => {
    using _use = await workspace.store.use(
      false,
      (holder) => listen({ kind: "waiting", holder }),
      signal,
    );
    const jobs = [...matching(plan, options.targets)].map((name) => {
      const [target, state] = [plan.targets.get(name), states.get(name)];
      if (target === undefined || (state?.state !== "fresh" && state?.state !== "in cache")) {
        const [reason] = state?.reasons ?? [];
        const why = reason === undefined ? "" : ` (${formatReason(reason)})`;
        const remedy = `run: deno task build ${name}`;
        throw new InputError(`Cannot verify ${name}: it has no current result${why}; ${remedy}`);
      }
      return { target, state };
    });
    const verdicts = await Promise.all(
      jobs.map(({ target, state }) =>
        slots.hold(
          target.resources.cpus ?? 1,
          async () =>
            signal.aborted ? "stopped" : await verifyTarget(
              workspace,
              target,
              state,
              executor,
              signal,
              listen,
            ),
        )
      ),
    );
    const count = (verdict: string): number => verdicts.filter((v) => v === verdict).length;
    if (!options.json) {
      write(`${count("same")} of ${verdicts.length} targets made the same bytes again.\n`);
    }
    if (signal.aborted) return INTERRUPTED;
    return count("failed") > 0 ? 1 : count("differs") > 0 ? 3 : 0;
  });
};
