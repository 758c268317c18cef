import { assessAll, type Assessment, openWorkspace, type Workspace } from "../assess.ts";
import type { Manifest } from "../key.ts";
import type { TargetName } from "../names.ts";
import { planWorkflow } from "../config/plan.ts";
import { formatReason, type Reason } from "../reason.ts";
import { matching, select } from "./select.ts";
import type { RunRecord } from "../record.ts";
import type { Command } from "./command.ts";
import { reportWarnings, write } from "./output.ts";

/** `explain`: what changed since targets' last runs, and what their keys are made of. */
export const explain: Command = async (project, options) => {
  const plan = await planWorkflow(project, options.overrides);
  const workspace = await openWorkspace(plan);
  const states = await assessAll(workspace, select(plan, options.targets));
  await workspace.digests.save();
  reportWarnings(workspace.store);
  const told: string[] = [];
  for (const target of matching(plan, options.targets)) {
    const assessment = states.get(target);
    if (assessment === undefined) continue;
    const last = lastRecord(workspace, target);
    told.push(
      options.json
        ? JSON.stringify({ target, ...assessment, record: last })
        : explanation(target, states, last, options.all),
    );
  }
  write(options.json ? `[${told.join(",")}]\n` : `${told.join("\n\n")}\n`);
  return 0;
};

function lastRecord({ store }: Workspace, target: TargetName): RunRecord | undefined {
  const state = store.state(target);
  return state?.key && store.record(state.key);
}

function explanation(
  target: TargetName,
  states: ReadonlyMap<TargetName, Assessment>,
  last: RunRecord | undefined,
  all: boolean,
): string {
  const assessment = states.get(target);
  if (assessment === undefined) return "";
  const lines = why(target, states, "", new Set());
  if (assessment.state === "fresh") lines.push("  nothing has changed since its record was made");
  if (last === undefined) lines.push("", "There is no record of an earlier run.");
  else {
    const when = last.when.replace("T", " ").slice(0, 16);
    lines.push("", `Its last run took ${last.seconds.toFixed(2)} s, on ${when} UTC, and made`);
    for (const { path, digest } of Object.values(last.outputs)) {
      lines.push(row(path, short(digest)));
    }
    if (last.log.length > 0) {
      lines.push(
        "",
        "and logged",
        ...last.log.map((line) => `    ${line}`),
      );
    }
  }
  if (assessment.key === undefined) {
    lines.push("", "Its key is not known before what it waits on has run; so far it is made of");
  } else lines.push("", `Its key ${short(assessment.key)} is made of`);
  lines.push(...manifestLines(assessment.manifest, all));
  return lines.join("\n");
}

/** A target's reasons; below one that waits on another target, that one's, each target once. */
function why(
  target: TargetName,
  states: ReadonlyMap<TargetName, Assessment>,
  indent: string,
  told: Set<TargetName>,
): string[] {
  const assessment = states.get(target);
  if (assessment === undefined || told.has(target)) return [];
  told.add(target);
  const lines = [`${indent}${target}: ${assessment.state}`];
  for (const reason of assessment.reasons as readonly Reason[]) {
    if (formatReason(reason) === assessment.state) continue;
    if (reason.kind === "waits") lines.push(...why(reason.on, states, `${indent}  `, told));
    else lines.push(`${indent}  ${formatReason(reason)}`);
  }
  return lines;
}

function manifestLines(manifest: Manifest, all: boolean): string[] {
  const { modules, packages, params, inputs, outputs, env } = manifest;
  const section = (title: string, entries: readonly (readonly [string, string])[]): string[] =>
    entries.length === 0 ? [] : [`  ${title}`, ...entries.map(([name, text]) => row(name, text))];
  const names = Object.keys(packages);
  const json = (value: unknown): string => JSON.stringify(value);
  return [
    ...section("modules", Object.entries(modules).map(([path, digest]) => [path, short(digest)])),
    ...section("packages", all ? names.map((name) => [name, ""]) : []),
    ...all || names.length === 0 ? [] : [`  ${names.length} packages (--all lists them)`],
    ...section("params", Object.entries(params).map(([name, value]) => [name, json(value)])),
    ...section("inputs", Object.entries(inputs).map(([name, digest]) => [name, short(digest)])),
    ...section("outputs", Object.entries(outputs)),
    ...section("environment", Object.entries(env).map(([name, value]) => [name, json(value)])),
    ...section("settings", [
      ["task", manifest.task],
      ["seed", manifest.seed ?? "draws no random numbers"],
      ["runtime", manifest.runtime],
      ["platform", manifest.platform ?? "any"],
      ["format", String(manifest.format)],
    ]),
  ];
}

function row(name: string, text: string): string {
  return `    ${name.padEnd(36)}  ${text}`.trimEnd();
}

function short(digest: string): string {
  return digest.slice(0, 12);
}
