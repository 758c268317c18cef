import type { Observations } from "../observations.ts";
import { NOT_BINARY } from "../values.ts";
import { COMPOUND } from "./pruned_json.ts";

/** A file of an evaluation: where it is, and what to call it. */
export interface EvalFile {
  readonly path: string;
  readonly name: string;
}

/** Which of several scores of a sample is the response. */
export interface Choice {
  /** Names of metrics or scorers, the first that a file has; null: as each format has it. */
  readonly metric: readonly string[] | null;
  /** A filter of lm-eval; null: the strictest. */
  readonly filter: string | null;
}

/** What one file holds: responses of one run, unless the format mixes several. */
export interface EvalRun {
  readonly format: string;
  readonly file: EvalFile;
  /** The subject and the task, where the file is of one each. */
  readonly subject: string | undefined;
  readonly task: string | undefined;
  /** Under which settings it was taken, such as `version 1, 5-shot`; runs of others do not mix. */
  readonly condition: string;
  /** When, in a form that sorts; "" where it is not known. */
  readonly date: string;
  /** Reads the file. Nothing has been taken in when it throws. */
  read(into: RunRows, choice: Choice, onRead: (bytes: number) => void): Promise<void>;
}

/** A file that cannot be used; the reason does not name it, so that files can be counted by reason. */
export class Unusable extends Error {
  /** @param names The names of metrics or filters that it has, where another was asked for. */
  constructor(reason: string, readonly names: readonly string[] = []) {
    super(reason);
  }
}

/** A sample's score. */
export interface Scored {
  readonly subject: unknown;
  readonly benchmark: string;
  readonly item: unknown;
  readonly score: unknown;
  /** Perturbed, so that it is not a response under the standard condition. */
  readonly perturbed?: boolean;
}

/** The rows of one file, held back until it is known that they count. */
export class RunRows {
  /** What a person should know of how the file was read. */
  readonly notes: Set<string> = new Set();
  /** Which score is the response, such as `metric acc`; "" where the format has but one. */
  used = "";
  #rows: (() => void)[] = [];
  #coded: number[] = [];

  constructor(readonly into: Observations, readonly name: string, readonly unit: string) {}

  /** What a row is called: its file, and its line or entry. */
  placeOf(number: number): string {
    return `${this.name}, ${this.unit} ${number}`;
  }

  /** Holds back a sample's score. No text of it is ever shown. */
  add({ subject, benchmark, item, score, perturbed = false }: Scored, place: number): void {
    const { into } = this;
    if (score === COMPOUND) return this.malformed(place, "its score is a list or a map");
    const code = into.benchmarkCode(benchmark);
    const itemCode = code < 0 ? -1 : this.#code(() => into.itemCode(code, item));
    const subjectCode = code < 0 ? -1 : this.#code(() => into.subjectCode(subject));
    const response = responseOf(into, score);
    const isNaN = typeof score === "number" && Number.isNaN(score);
    if (perturbed || isNaN || response > 1 || itemCode < 0 || subjectCode < 0) {
      this.#odd(code, itemCode, subjectCode, { score, perturbed, isNaN }, place);
    } else this.#coded.push(subjectCode, itemCode, response, place);
  }

  /** Holds back a row that cannot be understood. */
  malformed(place: number, what: string): void {
    this.#rows.push(() => this.into.addMalformed({ where: this.placeOf(place), what }));
  }

  /** Hands over what was held back. */
  flush(): void {
    const { into } = this;
    into.startFile(this.name);
    for (const row of this.#rows) row();
    const coded = this.#coded;
    into.rows += coded.length / WIDTH;
    for (let i = 0; i < coded.length; i += WIDTH) {
      into.subject.push(coded[i]!);
      into.item.push(coded[i + 1]!);
      into.response.push(coded[i + 2]!);
      into.place.push(coded[i + 3]!);
    }
    this.clear();
  }

  /** How many rows are held back. */
  get length(): number {
    return this.#rows.length + this.#coded.length / WIDTH;
  }

  /** Forgets what was held back. */
  clear(): void {
    this.#rows = [];
    this.#coded = [];
  }

  /** An id that cannot be kept counts as none. */
  #code(work: () => number): number {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      return -1;
    }
  }

  #odd(
    benchmark: number,
    item: number,
    subject: number,
    { score, perturbed, isNaN }: {
      readonly score: unknown;
      readonly perturbed: boolean;
      readonly isNaN: boolean;
    },
    place: number,
  ): void {
    const { into } = this;
    const what = subject < 0 ? "no subject" : item < 0 ? "no id of the sample" : describe(score);
    const fault = (): { where: string; what: string } => ({ where: this.placeOf(place), what });
    this.#rows.push(() => {
      if (isNaN && benchmark >= 0 && item >= 0 && subject >= 0 && !perturbed) {
        into.rows++;
        return into.leaveOut("unscored", 1, fault);
      }
      const response = responseOf(into, score);
      const before = into.response.length;
      into.addCoded({ benchmark, subject, item, response, condition: perturbed }, fault);
      if (into.response.length > before) into.place.push(place);
    });
  }
}

/** Numbers of a row. */
const WIDTH = 4;

/** The response of a score; a list, a map or a long text is none. */
function responseOf(into: Observations, score: unknown): number {
  return typeof score === "symbol" ? NOT_BINARY : into.responseOf(score);
}

/** A score in words that give none of its text. */
function describe(score: unknown): string {
  return typeof score === "number" || typeof score === "bigint"
    ? `score ${score}`
    : typeof score === "string" || typeof score === "symbol"
    ? "its score is a text that is not among the values"
    : "no score";
}
