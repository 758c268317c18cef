import type { Command } from "../runner/cli/command.ts";
import { select, selectResults } from "../runner/cli/select.ts";
import { runSweep } from "../runner/cli/sweep.ts";
import type { TargetName } from "../runner/names.ts";
import { CLAIMS } from "./claims.ts";
import { findings } from "./findings.ts";

/** `sweep`: the figures and claims for each combination of values, with their headline numbers. */
export const sweep: Command = (project, options) =>
  runSweep(project, options, {
    targets: (plan) => {
      const both: ReadonlySet<TargetName> = select(plan, [CLAIMS]).union(selectResults(plan));
      return new Set([...plan.targets.keys()].filter((name) => both.has(name)));
    },
    findings,
  });
