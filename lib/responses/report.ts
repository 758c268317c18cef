import type { Facts } from "../artifact/kind.ts";
import { modelLabel, subjectIdOf } from "./mmlu_pro.ts";
import MMLU_PRO_FILES from "./mmlu_pro_files.json" with { type: "json" };
import type { Responses } from "./responses.ts";

/** What a response table holds. */
export interface Report {
  /** Where from: such as `csv`, and the file or the address. */
  readonly source: string;
  readonly from: readonly { readonly name: string; readonly sha256: string | null }[];
  /** Counts and the like, by name. */
  readonly facts: Facts;
  /** The items that pass the filter, and those dropped; null when none passes. */
  readonly filtered: Filtered | null;
  /** By accuracy, the highest first. */
  readonly subjects: readonly SubjectReport[];
}

/** What the filter of items does. */
export interface Filtered {
  readonly kept: number;
  readonly droppedFewSubjects: number;
  readonly droppedMinority: number;
}

/** One subject. */
export interface SubjectReport {
  readonly id: string;
  /** Its label, where it is one of MMLU-Pro's models. */
  readonly name: string | null;
  readonly responses: number;
  /** Mean response, in [0, 1]. */
  readonly accuracy: number;
}

/** The subjects of a table by accuracy, the highest first. */
export function reportSubjects({ subjectIds, subject, response }: Responses): SubjectReport[] {
  const names = new Map(MMLU_PRO_FILES.map((file) => {
    const label = modelLabel(file);
    return [subjectIdOf(label), label] as const;
  }));
  const [sum, count] = [new Float64Array(subjectIds.length), new Int32Array(subjectIds.length)];
  subject.forEach((s, n) => {
    sum[s]! += response[n]!;
    count[s]! += 1;
  });
  return subjectIds.map((id, s) => ({
    id,
    name: names.get(id) ?? null,
    responses: count[s]!,
    accuracy: sum[s]! / count[s]!,
  })).sort((a, b) => b.accuracy - a.accuracy || (a.id < b.id ? -1 : 1));
}

/** The label of each fact. */
const LABELS: readonly (readonly [fact: string, label: string])[] = [
  ["n_rows", "rows"],
  ["n_left_out_test_condition", "  left out, taken under a test condition"],
  ["n_left_out_missing", "  left out, without a response"],
  ["n_left_out_not_binary", "  left out, response neither 0 nor 1"],
  ["n_left_out_fraction", "  left out, response between 0 and 1"],
  ["n_left_out_unscored", "  left out, score not a number (NaN)"],
  ["n_left_out_conflict", "  left out, contradicted by another file"],
  ["n_left_out_other_filter", "  left out, of a filter that was not chosen"],
  ["n_left_out_no_id", "  left out, without a subject or an item"],
  ["n_left_out_malformed", "  left out, cannot be understood"],
  ["n_left_out_other_benchmark", "  left out, of another benchmark"],
  ["n_files", "files"],
  ["n_files_left_out", "  left out, could not be fetched or read"],
  ["n_subjects", "subjects"],
  ["n_items", "items"],
  ["n_observations", "observations"],
  ["n_averaged_cells", "  averaged over several trials"],
];

/** Digits of a digest that are shown. */
const SHORT = 12;

/** A report as text for people. */
export function formatReport({ source, from, facts, filtered, subjects }: Report): string {
  const lines: (readonly [string, string])[] = [["source", source]];
  for (const { name, sha256 } of from) {
    lines.push(["from", sha256 === null ? name : `${name} (sha256 ${sha256.slice(0, SHORT)}…)`]);
  }
  for (const name of ["origin", "revision", "benchmarks"]) {
    if (facts[name] !== undefined) lines.push([name, String(facts[name])]);
  }
  for (const [fact, label] of LABELS) {
    const value = facts[fact];
    if (value !== undefined && (value !== 0 || !label.startsWith(" "))) {
      lines.push([label, number(value)]);
    }
  }
  if (typeof facts["missing_share"] === "number") {
    lines.push(["missing cells", percent(facts["missing_share"])]);
  }
  if (typeof facts["overlap"] === "number") {
    lines.push(["subjects shared, at least", percent(facts["overlap"])]);
  }
  if (filtered !== null) {
    lines.push(["items kept", number(filtered.kept)]);
    lines.push(["  dropped, too few subjects", number(filtered.droppedFewSubjects)]);
    lines.push(["  dropped, too few of the rarer response", number(filtered.droppedMinority)]);
  }
  const wide = Math.max(...lines.map(([name]) => name.length));
  const head = lines.map(([name, value]) => `${name.padEnd(wide)}  ${value}`);
  const called = subjects.map(({ id, name }) => name === null ? id : `${name} (${id})`);
  const width = Math.max(7, ...called.map((name) => name.length));
  const table = subjects.map(({ responses, accuracy }, i) =>
    `${called[i]!.padEnd(width)}  ${number(responses).padStart(9)}  ${accuracy.toFixed(4)}`
  );
  const title = `${"subject".padEnd(width)}  responses  accuracy`;
  return [...head, "", title, ...table].join("\n");
}

function number(value: Facts[string]): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
