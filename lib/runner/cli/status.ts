import { assessAll, type Assessment, openWorkspace } from "../assess.ts";
import type { TargetName } from "../names.ts";
import { type Plan, planWorkflow } from "../config/plan.ts";
import { formatReason } from "../reason.ts";
import { select } from "./select.ts";
import type { Command } from "./commands.ts";
import type { Options } from "./options.ts";
import { columns, cut, write } from "./output.ts";

/** `status`: the state of targets and why. */
export const status: Command = async (root, options) => {
  const plan = await planWorkflow(root, options.overrides);
  return await report(plan, select(plan, options.targets), options);
};

/**
 * Writes the state of targets, running none.
 *
 * @param plan The workflow.
 * @param names The targets.
 * @param options How to write it.
 * @param again Targets that are to run again in any case.
 * @returns The exit code.
 */
export async function report(
  plan: Plan,
  names: ReadonlySet<TargetName>,
  options: Pick<Options, "json" | "check">,
  again: ReadonlySet<TargetName> = new Set(),
): Promise<number> {
  const workspace = await openWorkspace(plan, again);
  const states = await assessAll(workspace, names);
  await workspace.digests.save();
  const text = options.json
    ? JSON.stringify([...states].map(([target, { state, reasons }]) => ({
      target,
      state,
      reasons,
    })))
    : statusTable(states, columns());
  write(`${text}\n`);
  return options.check && !allFresh(states) ? 1 : 0;
}

/**
 * The state of targets as a table of text, one line each and one for each further reason.
 *
 * @param states In dependency order.
 * @param columns Characters a line; longer ones are cut.
 */
export function statusTable(
  states: ReadonlyMap<TargetName, Assessment>,
  columns: number,
): string {
  const width = Math.max(...[...states.keys()].map((name) => name.length), 6);
  const lines: string[] = [];
  for (const [name, assessment] of states) {
    const reasons = assessment.reasons.map(formatReason);
    const shown = reasons.filter((reason) => reason !== assessment.state);
    const left = `${name.padEnd(width)}  ${assessment.state.padEnd(11)}  `;
    // Beside the state where there is room, else below.
    const beside = shown.every((reason) => left.length + reason.length <= columns);
    const indent = " ".repeat(beside ? left.length : 4);
    const [first, ...rest] = beside
      ? [left + (shown[0] ?? ""), ...shown.slice(1)]
      : [left, ...shown];
    lines.push(first, ...rest.map((reason) => indent + reason));
  }
  return lines.map((line) => cut(line.trimEnd(), columns)).join("\n");
}

/** Whether a run would have nothing to do for any of them. */
export function allFresh(states: ReadonlyMap<TargetName, Assessment>): boolean {
  return [...states.values()].every(({ state }) => state === "fresh");
}
