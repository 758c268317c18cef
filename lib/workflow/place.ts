import { InputError } from "../errors.ts";

/** A place in a text file (line and column from 1), or on the command line (no line). */
export interface Place {
  /** Path as a person would write it, or `--set NAME`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** A fault that a person can mend, and where it is. */
export interface Problem {
  readonly place: Place;
  readonly message: string;
}

/** Writes a place as `file:line:column`. */
export function formatPlace({ file, line, column }: Place): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

/** One or more faults of workflow.yaml or of the command line, in order of line, each once. */
export class WorkflowError extends InputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const text = ({ place, message }: Problem): string => `${formatPlace(place)}: ${message}`;
    const once = new Map(problems.map((problem) => [text(problem), problem]));
    const sorted = [...once.values()].sort((a, b) =>
      (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0)
    );
    super(sorted.map(text).join("\n"));
    this.problems = sorted;
  }
}
