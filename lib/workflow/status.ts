import type { Assessment } from "./assess.ts";
import type { TargetName } from "./names.ts";
import { formatReason } from "./reason.ts";

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
    const reasons = "reasons" in assessment ? assessment.reasons.map(formatReason) : [];
    const shown = reasons.filter((reason) => reason !== assessment.state);
    const [first = "", ...rest] = shown;
    lines.push(`${name.padEnd(width)}  ${assessment.state.padEnd(11)}  ${first}`);
    rest.forEach((reason) => lines.push(`${" ".repeat(width + 15)}${reason}`));
  }
  return lines.map((line) => line.trimEnd().slice(0, columns)).join("\n");
}

/** Whether a run would have nothing to do for any of them. */
export function allFresh(states: ReadonlyMap<TargetName, Assessment>): boolean {
  return [...states.values()].every(({ state }) => state === "fresh");
}
