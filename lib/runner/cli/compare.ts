import { InputError } from "../../base/errors.ts";
import { wrap } from "../../base/wrap.ts";
import { canonicalJson } from "../key.ts";
import type { Json } from "../names.ts";
import type { Command } from "./command.ts";
import { columns, write } from "./output.ts";
import { type Finding, findRuns, RUNS, type SweptRun } from "./run_folder.ts";

/** Something that each run has, or lacks: null. */
export interface Row {
  /** `param`, `result`, or the kind of a finding. */
  readonly kind: string;
  /** Where a finding was found; "" for a param and a result. */
  readonly of: string;
  readonly name: string;
  /** In order of the runs: of a param its value, of a result its digest. */
  readonly values: readonly Json[];
  /** What a finding says beside its value. */
  readonly details: readonly string[];
  /** Whether the runs differ in it. */
  readonly moved: boolean;
}

/** `compare`: shows runs side by side, and what moved between them. */
export const compare: Command = (project, options) => {
  const runs = findRuns(project.root, options.targets);
  if (runs.size < 2) {
    const [only] = runs.keys();
    throw new InputError(`compare needs two runs or more; this is one: ${only}`);
  }
  const rows = compareRuns([...runs.values()]);
  if (options.json) write(`${JSON.stringify({ runs: [...runs.keys()], rows })}\n`);
  else write(describe([...runs.keys()], rows, project.results, options.all));
  return Promise.resolve(0);
};

/** What runs have, each thing with its value in every run. */
function compareRuns(runs: readonly SweptRun[]): readonly Row[] {
  const keyOf = ({ kind, of, name }: Finding): string => JSON.stringify([kind, of, name]);
  const found = runs.map(({ findings }) => new Map(findings.map((one) => [keyOf(one), one])));
  const params = union(runs.map(({ params }) => Object.keys(params))).map((name) =>
    row("param", "", name, runs.map(({ params }) => params[name] ?? null))
  );
  const findings = union(found.map((map) => [...map.keys()])).map((key) => {
    const [kind, of, name] = JSON.parse(key) as [string, string, string];
    const all = found.map((map) => map.get(key));
    const values = all.map((one) => one?.value ?? null);
    return row(kind, of, name, values, all.map((one) => one?.detail ?? ""));
  });
  const results = union(runs.map(({ results }) => Object.keys(results))).sort().map((path) =>
    row("result", "", path, runs.map(({ results }) => results[path] ?? null))
  );
  return [...params, ...findings, ...results];
}

function row(
  kind: string,
  of: string,
  name: string,
  values: readonly Json[],
  details: readonly string[] = [],
): Row {
  const texts = values.map((value, i) => `${canonicalJson(value)} ${details[i] ?? ""}`);
  return { kind, of, name, values, details, moved: new Set(texts).size > 1 };
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

/** All as Markdown, which is read in a terminal as well. */
function describe(
  names: readonly string[],
  rows: readonly Row[],
  results: string,
  all: boolean,
): string {
  const letters = names.map((_, i) => letterOf(i));
  const lines = names.map((name, i) => `- ${letters[i]}: ${RUNS}/${name}`);
  for (const [kind, group] of Map.groupBy(rows, ({ kind }) => kind)) {
    const shown = all ? group : group.filter(({ moved }) => moved);
    const moved = group.filter(({ moved }) => moved).length;
    const title = kind === "result" ? results : `${kind}s`;
    lines.push("", `## ${title}: ${moved} of ${group.length} differ`);
    if (shown.length === 0) continue;
    lines.push("");
    if (kind === "result") {
      lines.push("The same letter means the same bytes.", "", ...resultTable(letters, shown));
    } else if (group.some(({ details }) => details.some((text) => text !== ""))) {
      lines.push(...shown.flatMap((row) => wordy(letters, row)));
    } else lines.push(...valueTable(letters, shown));
  }
  return `${lines.join("\n")}\n`;
}

/** A, …, Z, AA, … */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + index % 26);
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/** Of two runs, how a number changed; of more, the columns show it. */
function change(values: readonly Json[]): readonly string[] {
  if (values.length !== 2) return [];
  const [a, b] = values;
  if (typeof a !== "number" || typeof b !== "number" || a === 0) return [""];
  const percent = 100 * (b - a) / Math.abs(a);
  const size = Math.abs(percent);
  return [`${percent < 0 ? "−" : "+"}${size.toFixed(size < 10 ? 1 : 0)} %`];
}

function valueTable(letters: readonly string[], rows: readonly Row[]): string[] {
  const last = letters.length === 2 ? ["change"] : [];
  const head = ["", ...letters, ...last];
  return table(
    head,
    rows.map(({ of, name, values }) => [
      of === "" ? name : `${of}: ${name}`,
      ...values.map(textOf),
      ...change(values),
    ]),
  );
}

/** Results with equal bytes have the same letter, that of the first run that has them. */
function resultTable(letters: readonly string[], rows: readonly Row[]): string[] {
  return table(
    ["", ...letters],
    rows.map(({ name, values }) => [
      name,
      ...values.map((value) => value === null ? "-" : letters[values.indexOf(value)] ?? ""),
    ]),
  );
}

function wordy(letters: readonly string[], { of, name, values, details }: Row): string[] {
  const width = Math.min(100, columns());
  return [
    ...wrap(`- ${name} (${of})`, width, "  "),
    ...letters.flatMap((letter, i) => {
      const text = [textOf(values[i] ?? null), details[i]].filter((part) => part !== "").join(": ");
      return wrap(`  - ${letter}: ${text}`, width, "    ");
    }),
  ];
}

function textOf(value: Json): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return value === null ? "-" : typeof value === "string" ? value : JSON.stringify(value);
}

/** A table of Markdown, its columns as wide as what is in them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)];
}
