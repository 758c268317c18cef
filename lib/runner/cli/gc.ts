import { openWorkspace } from "../assess.ts";
import { InputError } from "../../base/errors.ts";
import { liveRuns } from "../executor/slurm/jobs_of.ts";
import { planWorkflow } from "../config/plan.ts";
import { collect } from "../gc.ts";
import type { Command } from "./command.ts";
import { interruptible } from "./interrupt.ts";
import { wholeNumber } from "./options.ts";
import { formatBytes } from "../../base/format_bytes.ts";
import { listener, reportWarnings, write } from "./output.ts";

const DAY_MS = 24 * 3600 * 1000;

const DEFAULT_KEEP_DAYS = 30;

/** `gc`: removes cached results that are neither current nor recent. */
export const gc: Command = async (project, options) => {
  const { dryRun, own } = options;
  const keep = wholeNumber("keep", own["keep"]?.at(-1) ?? DEFAULT_KEEP_DAYS, 0);
  const max = readSize(own["max"]?.at(-1));
  const plan = await planWorkflow(project, options.overrides);
  const workspace = await openWorkspace(plan);
  const listen = listener(options);
  return await interruptible(async (signal) => {
    using _use = await workspace.store.use(
      true,
      (holder) => listen({ kind: "waiting", holder }),
      signal,
    );
    const live = await liveRuns(plan.root);
    if (live.length > 0) {
      throw new InputError(
        `Jobs wait or run that use the cache: ${live.join(", ")}. Wait for them, or cancel them: ` +
          `scancel --name=${live.join(",")}; where that queue no longer exists, remove cache/jobs`,
      );
    }
    const collected = await collect(workspace, { since: Date.now() - keep * DAY_MS, max, dryRun });
    reportWarnings(workspace.store);
    if (options.json) {
      write(`${JSON.stringify(collected)}\n`);
      return 0;
    }
    const { records, contents, leftovers, bytes, kept, aside } = collected;
    const verb = dryRun ? "Would remove" : "Removed";
    write(`${verb} ${records} records, ${contents} contents and ${leftovers} leftovers of runs: `);
    write(`${formatBytes(bytes)}. Kept: ${formatBytes(kept)}.\n`);
    if (aside > 0) write(`cache/aside/ holds ${aside} files that you changed; they are yours.\n`);
    return 0;
  });
};

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new InputError(`Cannot read --max ${text}: write an amount such as 500MiB or 2GiB`);
  }
  return Number(amount) * 1024 ** (["KiB", "MiB", "GiB"].indexOf(unit ?? "") + 1);
}
