import { GrowableArray } from "./growable_array.ts";
import { IdIndex } from "./id_index.ts";
import {
  BINARY_RULE,
  FRACTION,
  idOf,
  isSet,
  MISSING,
  NOT_BINARY,
  responder,
  type ResponseRule,
  show,
} from "./values.ts";

/** Why a row of a table is not an item response, in words about several rows. */
export const SKIP_REASONS = {
  testCondition: "taken under a test condition",
  missing: "without a response",
  notBinary: "whose response is neither 0 nor 1",
  fraction: "whose response lies between 0 and 1",
  unscored: "whose score is not a number (NaN)",
  noId: "without a subject or an item",
  malformed: "that cannot be understood",
  otherBenchmark: "of a benchmark that was not asked for",
  otherFilter: "of a filter that was not chosen",
  conflict: "that another file contradicts",
} as const;

/** One of {@linkcode SKIP_REASONS}. */
export type SkipReason = keyof typeof SKIP_REASONS;

/** Reasons that are an error of the table, rather than something to expect in one. */
export const FAULTS: readonly SkipReason[] = [
  "notBinary",
  "fraction",
  "unscored",
  "noId",
  "malformed",
  "conflict",
];

/** An error in a table: where, such as `line 7`, and what. */
export interface Fault {
  readonly where: string;
  readonly what: string;
}

/** A row in long form. */
export interface Row {
  readonly subject: unknown;
  readonly item: unknown;
  readonly response: unknown;
  /** Null, or an empty text: taken under the standard condition. */
  readonly condition?: unknown;
  readonly benchmark?: unknown;
  /** The category of the item, where the source has one. */
  readonly category?: string | undefined;
}

/** Most errors that are kept as examples; all are counted. */
const MAX_EXAMPLES = 20;

/**
 * The observations of a table, taken in row by row with each id as a number, so that 10⁷ of them
 * need some 100 MB. Rows that are not item responses (model section 1) are counted.
 */
export class Observations {
  /** Distinct subjects, those of rows without a response included. */
  readonly subjects: string[] = [];
  /** Distinct items, each with the index of its benchmark. */
  readonly items: { readonly id: string; readonly benchmark: number }[] = [];
  /** Categories of items, by the items' indices. */
  readonly categories: Map<number, string> = new Map();
  /** Distinct benchmarks; one without a name is "". */
  readonly benchmarks: string[] = [];
  /** Of each observation the indices of its subject and its item, and its response. */
  readonly subject: GrowableArray<Int32Array> = new GrowableArray(Int32Array);
  readonly item: GrowableArray<Int32Array> = new GrowableArray(Int32Array);
  readonly response: GrowableArray<Float64Array> = new GrowableArray(Float64Array);
  /** Of each observation its line or entry, where several files may have one cell. */
  readonly place: GrowableArray<Int32Array> = new GrowableArray(Int32Array);
  readonly leftOut: Record<SkipReason, number> = Object.fromEntries(
    Object.keys(SKIP_REASONS).map((reason) => [reason, 0]),
  ) as Record<SkipReason, number>;
  /** The first errors. */
  readonly faults: Fault[] = [];
  /** Benchmarks of which rows were left out. */
  readonly others: Set<string> = new Set();
  /** The files, each with the number of observations before it. */
  readonly files: { readonly name: string; readonly start: number }[] = [];
  /** What a person should know of how the table was read. */
  readonly notes: string[] = [];
  /** Distinct ids with outer white space, which was removed, and the first of them. */
  readonly trimmed: { count: number; first: string } = { count: 0, first: "" };
  /** All rows, those left out included. */
  rows = 0;
  /** Whether a subject without a response is left out, rather than an error of the table. */
  mayBeSilent = false;
  readonly #onTrimmed = (value: string): void => {
    if (this.trimmed.count++ === 0) this.trimmed.first = value;
  };
  readonly #subjectIndex = new IdIndex((id) => this.subjects.push(id) - 1, this.#onTrimmed);
  readonly #itemIndex: IdIndex[] = [];
  readonly #benchmarkIndex = new Map<string, number>();
  readonly #wanted: ReadonlySet<string> | undefined;

  /** The response of a value, or the code of why it is not one. */
  readonly responseOf: (value: unknown) => number;

  /**
   * @param benchmarks Benchmarks whose rows are taken in; null: all.
   * @param rule How responses are written.
   */
  constructor(benchmarks: readonly string[] | null = null, rule: ResponseRule = BINARY_RULE) {
    this.responseOf = responder(rule);
    this.#wanted = benchmarks === null ? undefined : new Set(benchmarks);
  }

  /** The benchmarks that were asked for; undefined: all. */
  get wanted(): ReadonlySet<string> | undefined {
    return this.#wanted;
  }

  /**
   * Takes in one row.
   *
   * @param row The row.
   * @param where Gives its place, for errors.
   */
  add(row: Row, where: () => string): void {
    const benchmark = this.benchmarkCode(row.benchmark);
    const item = benchmark < 0 ? -1 : this.itemCode(benchmark, row.item);
    const subject = benchmark < 0 ? -1 : this.subjectCode(row.subject);
    if (row.category !== undefined && item >= 0) this.categories.set(item, row.category);
    const response = this.responseOf(row.response);
    const fault = (): Fault => ({
      where: where(),
      what: subject < 0 || item < 0
        ? `subject ${show(row.subject)}, item ${show(row.item)}`
        : `response ${show(row.response)}`,
    });
    this.addCoded({ benchmark, subject, item, response, condition: isSet(row.condition) }, fault);
  }

  /** Takes in one row whose values are codes by now. */
  addCoded(
    row: {
      readonly benchmark: number;
      readonly subject: number;
      readonly item: number;
      readonly response: number;
      readonly condition: boolean;
    },
    fault: () => Fault,
  ): void {
    this.rows++;
    const { benchmark, subject, item, response, condition } = row;
    if (benchmark < 0) this.leftOut.otherBenchmark++;
    else if (subject < 0 || item < 0) this.#fault("noId", fault);
    else if (condition) this.leftOut.testCondition++;
    else if (response === MISSING) this.leftOut.missing++;
    else if (response === NOT_BINARY) this.#fault("notBinary", fault);
    else if (response === FRACTION) this.#fault("fraction", fault);
    else {
      this.subject.push(subject);
      this.item.push(item);
      this.response.push(response);
    }
  }

  /** Counts what is left out for another reason; an error is kept as an example. */
  leaveOut(reason: SkipReason, count: number, fault?: () => Fault): void {
    this.leftOut[reason] += count;
    if (fault && this.faults.length < MAX_EXAMPLES) this.faults.push(fault());
  }

  /** Counts a row that cannot be parsed. */
  addMalformed(fault: Fault): void {
    this.rows++;
    this.#fault("malformed", () => fault);
  }

  /** Names the file of the rows that follow. */
  startFile(name: string): void {
    this.files.push({ name, start: this.subject.length });
  }

  /** The index of a benchmark; −1 when its rows are not wanted. */
  benchmarkCode(value: unknown): number {
    const name = idOf(value) ?? "";
    if (this.#wanted !== undefined && !this.#wanted.has(name)) {
      if (this.others.size < MAX_EXAMPLES) this.others.add(name);
      return -1;
    }
    const known = this.#benchmarkIndex.get(name);
    if (known !== undefined) return known;
    const benchmark = this.benchmarks.push(name) - 1;
    this.#benchmarkIndex.set(name, benchmark);
    const add = (id: string): number => this.items.push({ id, benchmark }) - 1;
    this.#itemIndex.push(new IdIndex(add, this.#onTrimmed));
    return benchmark;
  }

  /** The index of a subject; −1 when the value is not an id. */
  subjectCode(value: unknown): number {
    return this.#subjectIndex.codeOf(value);
  }

  /** The index of an item of a benchmark; −1 when the value is not an id. */
  itemCode(benchmark: number, value: unknown): number {
    return this.#itemIndex[benchmark]?.codeOf(value) ?? -1;
  }

  #fault(reason: SkipReason, fault: () => Fault): void {
    this.leftOut[reason]++;
    if (this.faults.length < MAX_EXAMPLES) this.faults.push(fault());
  }
}
