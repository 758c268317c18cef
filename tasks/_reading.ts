import { z } from "zod";
import { SHAPES } from "../lib/responses/columns.ts";
import type { ReadResponsesOptions } from "../lib/responses/read_responses.ts";

const name = z.string().min(1);

/** How responses are written and which of them are taken, as parameters of what reads them. */
export const READING = {
  shape: z.enum(SHAPES),
  benchmarks: z.array(z.string()).min(1).nullable(),
  min_overlap: z.number().min(0).max(1),
  strict: z.boolean(),
  metric: z.union([name, z.array(name).min(1)], { error: "expected a name, or a list of names" })
    .nullable(),
  filter: name.nullable(),
  fractions: z.union([
    z.enum(["refuse", "keep"]),
    z.strictObject({ at_least: z.number().min(0).max(1) }),
  ], { error: "expected refuse, keep or {at_least: 0.5}, with a blank after the colon" }),
  values: z.record(z.string(), z.number().min(0).max(1).nullable()).refine(
    (values) => !Object.entries(values).some(([key, y]) => y === null && /:./.test(key)),
    { error: "expected such as {correct: 1, incorrect: 0}, with a blank after each colon" },
  ).nullable(),
  columns: z.strictObject({
    subject: name,
    item: name,
    response: name,
    benchmark: name,
    condition: name,
  }, {
    error: ({ code }) =>
      code === "unrecognized_keys"
        ? "expected such as {subject: model, item: doc_id, response: acc, benchmark: task}, with a " +
          "blank after each colon"
        : undefined,
  }).partial().nullable(),
};

const SCHEMA = z.object(READING);

/** Those parameters as what reads takes them. */
export function readingOf(
  { metric, min_overlap, fractions, values, columns, ...same }: z.output<typeof SCHEMA>,
): Omit<ReadResponsesOptions, "warn" | "progress" | "onRead"> {
  return {
    ...same,
    minOverlap: min_overlap,
    metric: typeof metric === "string" ? [metric] : metric,
    rule: { values: values ?? {}, fractions },
    columns: (columns ?? {}) as ReadResponsesOptions["columns"],
  };
}
