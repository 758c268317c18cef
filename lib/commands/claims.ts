import { join } from "@std/path";
import { type Claim, type Outcome, outcomeOf, summaryOf } from "../claims/claim.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import { matching } from "../runner/cli/select.ts";
import type { Command } from "../runner/cli/command.ts";
import { build } from "../runner/cli/make.ts";
import { columns, listener, listenerAside, write } from "../runner/cli/output.ts";
import { wrap } from "../base/wrap.ts";

/** The targets that hold claims against figures. */
export const CLAIMS = "cache/claims_*";

/** The claims of one target. */
interface Held {
  readonly target: string;
  readonly claims: readonly Claim[];
}

/**
 * `claims`: builds the figures and holds statements of the paper, the textbook and the model against them;
 * exits with 1 if one fails that is expected to hold. With --json, standard output has JSON alone.
 */
export const claims: Command = async (project, options) => {
  if (options.own["tables"] !== undefined) {
    return await (await import("./claims_by_table.ts")).compareTables(project, options);
  }
  const { json, dryRun } = options;
  const quiet = { json: false, quiet: true };
  const told = json ? listenerAside(quiet) : listener(quiet);
  const chosen = { ...options, targets: [CLAIMS], quiet: true };
  const code = await build(project, chosen, told);
  if (code !== 0 || dryRun) return code;
  const plan = await planWorkflow(project, options.overrides);
  const all = await Promise.all(
    Array.from(matching(plan, [CLAIMS]), async (target): Promise<Held> => ({
      target,
      claims: JSON.parse(await Deno.readTextFile(join(project.root, target))),
    })),
  );
  write(json ? `${JSON.stringify(all)}\n` : report(all));
  const failed = all.some(({ claims }) => claims.some(isUnexpected));
  return failed ? 1 : 0;
};

function isUnexpected(claim: Claim): boolean {
  return outcomeOf(claim) === "fails unexpectedly";
}

/** What stands before a statement; what needs attention, in capitals. */
const MARKS: Readonly<Record<Outcome, string>> = {
  "holds": "holds",
  "fails as expected": "fails",
  "fails unexpectedly": "FAILS",
  "at the edge": "edge ",
  "does not apply": "  -  ",
};

function report(all: readonly Held[]): string {
  const width = Math.min(100, columns());
  const indent = "       ";
  const lines = all.flatMap(({ target, claims }) => [
    "",
    target.replace(/^cache\/claims_(.*)\.json$/, "$1").replaceAll("_", " "),
    ...claims.flatMap((claim) => {
      const { figure, statement, source, measured } = claim;
      const outcome = outcomeOf(claim);
      const { holds, expected } = claim;
      const note = outcome === "fails as expected"
        ? "as expected: "
        : holds !== null && holds !== expected
        ? "unexpectedly: "
        : "";
      return [
        ...wrap(`${MARKS[outcome]}  ${statement}`, width, indent),
        ...wrap(`${indent}${note}${measured}`, width, indent),
        ...wrap(`${indent}${source}; ${figure}`, width, indent),
      ];
    }),
  ]);
  return `${lines.join("\n")}\n\n${summaryOf(all.flatMap(({ claims }) => claims))}\n`;
}
