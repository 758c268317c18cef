import { InputError } from "../../base/errors.ts";
import { Observations } from "../observations.ts";
import { bundleReader, leaveOut, readEach } from "../read_bundle.ts";
import { once } from "./chunks.ts";
import { mapOf } from "./each_line_map.ts";
import { eachLine } from "./json_lines.ts";
import { JsonError, type Keep, PrunedJson } from "./pruned_json.ts";

/** The benchmark's name in measurement-db. */
export const BFCL = "bfcl";

/** The scores of one model on one category of the Berkeley function-calling leaderboard. */
export interface BfclScores {
  readonly file: string;
  readonly subject: string;
  readonly category: string;
  /** Items of the category: they are numbered from 1. */
  readonly total: number;
  /** Numbers of the items that the model failed: all others it got right. */
  readonly failed: ReadonlySet<number>;
}

/** A file's name: the model is its folder. */
const NAME = /(?:^|\/)([^/]+)\/([^/]+)_score\.json$/;

/** More items than this are not a category but a mistake. */
const MAX_TOTAL = 100_000;

const HEAD: Keep = { correct_count: "scalar", total_count: "scalar" };

/** What is kept of a failed item: no prompt, no answer. */
const FAILED: Keep = { id: "scalar", valid: "scalar" };

/**
 * Reads a file of scores, `MODEL/CATEGORY_score.json`: a line with the counts, then one for each item
 * that the model failed. An item without a line was answered right, so that a file that is not
 * whole cannot be used at all.
 *
 * @param bytes The file.
 * @param file Its path, which names the model and the category.
 * @throws {InputError} When it is not such a file, or not whole.
 */
export async function parseBfcl(bytes: Uint8Array, file: string): Promise<BfclScores> {
  const fail = (reason: string): InputError => new InputError(`Cannot read ${file}: ${reason}`);
  const [, subject, category] = NAME.exec(file.replaceAll("\\", "/")) ?? [];
  if (subject === undefined || category === undefined) {
    throw fail("its path is not MODEL/CATEGORY_score.json, so its model is not known");
  }
  const json = new PrunedJson();
  const failed = new Set<number>();
  let counts: { readonly total: number; readonly right: number } | undefined;
  await eachLine(once(bytes), (line, start, end, number) => {
    try {
      if (line === undefined) throw new JsonError("it is too long");
      const value = mapOf(json.parse(line, counts === undefined ? HEAD : FAILED, start, end));
      if (counts === undefined) counts = countsOf(value);
      else failed.add(failedItem(value, counts.total, failed));
    } catch (cause) {
      if (!(cause instanceof JsonError)) throw cause;
      throw fail(`line ${number}: ${cause.message}`);
    }
  });
  if (counts === undefined) throw fail("it is empty");
  const { total, right } = counts;
  if (failed.size !== total - right) {
    throw fail(
      `line 1 counts ${total - right} failed items, but ${failed.size} are listed: it was cut`,
    );
  }
  return { file, subject, category, total, failed };
}

function countsOf(
  { total_count: total, correct_count: right }: Readonly<Record<string, unknown>>,
): { readonly total: number; readonly right: number } {
  const isTotal = isWhole(total) && total >= 1 && total <= MAX_TOTAL;
  if (!isTotal || !isWhole(right) || right < 0 || right > total) {
    throw new JsonError("it does not have the counts correct_count and total_count");
  }
  return { total, right };
}

/** The number of a failed item. */
function failedItem(
  { id, valid }: Readonly<Record<string, unknown>>,
  total: number,
  before: ReadonlySet<number>,
): number {
  if (!isWhole(id) || id < 1 || id > total) {
    throw new JsonError(`its id is not a whole number from 1 to ${total}`);
  }
  if (valid !== false) throw new JsonError("it is not of a failed item: valid is not false");
  if (before.has(id)) throw new JsonError(`item ${id} has a line already`);
  return id;
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

/**
 * Takes in the scores of all models; an item is `CATEGORY/NUMBER`. Files that cannot be compared with
 * the others are left out: those of a category whose number of items is not that of most models.
 *
 * @param scores One for each file.
 * @param into Receives the observations.
 * @param leaveOut Receives each file that is left out, with the reason.
 * @throws {InputError} When two files are of one model and category.
 */
export function takeBfcl(
  scores: readonly BfclScores[],
  into: Observations,
  leaveOut: (reason: string) => void,
): void {
  refuseTwins(scores);
  for (const [category, own] of Map.groupBy(scores, (one) => one.category)) {
    const usual = usualTotal(own);
    for (const { file, subject, total, failed } of own) {
      if (total !== usual) {
        leaveOut(`${file} has ${total} items, where most models have ${usual} of ${category}`);
        continue;
      }
      into.startFile(file);
      for (let number = 1; number <= total; number++) {
        const item = `${category}/${number}`;
        const response = failed.has(number) ? 0 : 1;
        into.add({ subject, item, response, benchmark: BFCL, category }, () => file);
      }
    }
  }
}

function refuseTwins(scores: readonly BfclScores[]): void {
  const seen = new Map<string, string>();
  for (const { file, subject, category } of scores) {
    const key = `${subject}/${category}`;
    const twin = seen.get(key);
    if (twin !== undefined) {
      throw new InputError(
        `Cannot use ${twin} and ${file}: both are of ${subject} on ${category}. ` +
          "Give the folder of one date, such as 2024-08-11/score.",
      );
    }
    seen.set(key, file);
  }
}

/** The number of items that most files have; the larger of equally common ones. */
function usualTotal(scores: readonly BfclScores[]): number {
  const groups = Map.groupBy(scores, ({ total }) => total);
  const [[total] = [0]] = [...groups].sort(([a, x], [b, y]) => y.length - x.length || b - a);
  return total;
}

/** Reads the scores of BFCL. */
export const readBfcl = bundleReader(async (bundle, options) => {
  const into = new Observations();
  const scores: BfclScores[] = [];
  const remedy = "Give the folder 2024-08-11/score of BFCL-Result, as it is.";
  let unread = await readEach(bundle, options, remedy, async ({ name }, bytes) => {
    scores.push(await parseBfcl(bytes, name));
  });
  takeBfcl(scores, into, (reason) => {
    unread++;
    leaveOut(new InputError(reason), options);
  });
  return { observations: into, unread };
});
