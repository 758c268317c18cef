import { InputError } from "../../base/errors.ts";

/** A place in a text file (line and column from 1), or on the command line (no line). */
export interface Place {
  /** Path as a person would write it, or `--set NAME`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** An error that a person can fix, and where it is. */
export interface Problem {
  readonly place: Place;
  readonly message: string;
  /** The target that the message names: what is wrong with several in one place is reported once. */
  readonly subject?: string;
}

/** Writes a place as `file:line:column`. */
export function formatPlace({ file, line, column }: Place): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

/** How many errors are printed; the rest is counted. */
const MAX_PRINTED = 20;

/** How much of one error is printed, in characters. */
const MAX_LENGTH = 2000;

function shorten(text: string): string {
  return text.length <= MAX_LENGTH
    ? text
    : `${text.slice(0, MAX_LENGTH)}… (${text.length} letters)`;
}

/** One or more errors in workflow.yaml or the command line, in order of line, each once. */
export class WorkflowError extends InputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = once(problems).sort((a, b) =>
      (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0)
    );
    const lines = sorted.slice(0, MAX_PRINTED).map(({ place, message }) =>
      shorten(`${formatPlace(place)}: ${message}`)
    );
    const more = sorted.length - lines.length;
    super([...lines, ...(more > 0 ? [`and ${more} more errors`] : [])].join("\n"));
    this.problems = sorted;
  }
}

/** Joins problems that are the same but for their subjects. */
function once(problems: readonly Problem[]): Problem[] {
  const alike = new Map<string, { readonly first: Problem; readonly subjects: Set<string> }>();
  for (const problem of problems) {
    const { place, message, subject = "" } = problem;
    const key = `${formatPlace(place)}: ${subject === "" ? message : message.replace(subject, "")}`;
    const group = alike.get(key) ?? { first: problem, subjects: new Set() };
    group.subjects.add(subject);
    alike.set(key, group);
  }
  return [...alike.values()].map(({ first: { place, message, subject = "" }, subjects }) => ({
    place,
    message: subjects.size === 1
      ? message
      : message.replace(subject, `${subject} and ${subjects.size - 1} more`),
  }));
}
