import { zipSync } from "fflate";
import { stream } from "../../lib/stats/random/stream.ts";

/** A cell of a table of tests: a subject's response to an item, null where there is none. */
export interface Cell {
  readonly subject: string;
  readonly item: string;
  readonly response: 0 | 1 | null;
}

/**
 * Cells of a table in which skills show: stronger subjects, harder items, two groups of items.
 *
 * @param S Subjects.
 * @param p Items.
 * @param prefix Of the items' ids.
 */
export function cells(S: number, p: number, prefix = "item"): readonly Cell[] {
  const uniform = stream("tables", prefix);
  return Array.from({ length: S }, (_, s) =>
    Array.from({ length: p }, (_, i): Cell => {
      const skill = s / S + 0.3 * Math.sin(3 * s * (1 + (i % 2)));
      const right = uniform() < 0.2 + 0.6 * skill ? 1 : 0;
      return {
        subject: `model-${String(s).padStart(2, "0")}`,
        item: `${prefix}-${i}`,
        response: uniform() < 0.1 ? null : right,
      };
    })).flat();
}

/** The observed cells as a parquet file in the long form. */
export async function parquetOf(
  table: readonly Cell[],
  benchmark?: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const rows = table.filter(({ response }) => response !== null);
  const of = (
    name: string,
    data: readonly string[],
  ): { name: string; type: "STRING"; data: string[] } => ({
    name,
    type: "STRING",
    data: [...data],
  });
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      of("subject_id", rows.map(({ subject }) => subject)),
      of("item_id", rows.map(({ item }) => item)),
      { name: "response", type: "DOUBLE", data: rows.map(({ response }) => response ?? 0) },
      ...(benchmark === undefined ? [] : [of("benchmark_id", rows.map(() => benchmark))]),
    ],
  }));
}

/** The observed cells as CSV in the long form, in another order than they are given. */
export function longCsvOf(table: readonly Cell[]): string {
  const rows = table.filter(({ response }) => response !== null).toReversed()
    .map(({ subject, item, response }) => `${subject},"${item}",${response}`);
  return ["subject_id,item_id,response", ...rows].join("\r\n");
}

/** The cells as a wide CSV, a row for each subject. */
export function wideCsvOf(table: readonly Cell[]): string {
  const items = [...new Set(table.map(({ item }) => item))].toReversed();
  const subjects = [...new Set(table.map(({ subject }) => subject))];
  const at = new Map(table.map((cell) => [`${cell.subject} ${cell.item}`, cell.response]));
  const rows = subjects.map((subject) =>
    [subject, ...items.map((item) => at.get(`${subject} ${item}`) ?? "")].join(";")
  );
  return [["model", ...items].join(";"), ...rows].join("\n") + "\n";
}

/** A record of MMLU-Pro's results as the documents describe it. */
export function mmluProRecord(
  id: number,
  pred: string | null,
  kind: "generated_text" | "model_outputs" = "model_outputs",
): Record<string, unknown> {
  return {
    question_id: id,
    question: ` Which of ${id}?\f`,
    options: ["one", "two", "three"],
    answer: "B",
    answer_index: 1,
    cot_content: "",
    category: "math",
    src: "ori_mmlu-x",
    pred,
    [kind]: "The answer is (B).",
  };
}

/** A zip with one JSON member. */
export function zipOf(member: string, value: unknown): Uint8Array<ArrayBuffer> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return new Uint8Array(zipSync({ [member]: new TextEncoder().encode(text) }));
}

/** A file of BFCL's scores: the counts, then a line for each failed item. */
export function bfclScores(total: number, failed: readonly number[]): string {
  const right = total - failed.length;
  const head = { accuracy: right / total, correct_count: right, total_count: total };
  const lines = failed.map((id) => ({
    ...{ id, valid: false, model_name: "m", test_category: "java", error: ["launch code"] },
    prompt: { id: `java_${id - 1}`, question: 'What is the "launch code"?\n' },
  }));
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}
