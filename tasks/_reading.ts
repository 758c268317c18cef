import { z } from "zod";
import type { ReadResponsesOptions } from "../lib/responses/read_responses.ts";

const name = z.string().min(1);

/** How responses are written, as parameters of what reads them. */
export const READING = {
  metric: z.union([name, z.array(name).min(1)]).nullable(),
  filter: name.nullable(),
  fractions: z.union([
    z.enum(["refuse", "keep"]),
    z.strictObject({ at_least: z.number().min(0).max(1) }),
  ]),
  values: z.record(z.string(), z.number().min(0).max(1).nullable()).nullable(),
  columns: z.strictObject({
    subject: name,
    item: name,
    response: name,
    benchmark: name,
    condition: name,
  }).partial().nullable(),
};

const SCHEMA = z.object(READING);

/** Those parameters as what reads takes them. */
export function readingOf(
  { metric, filter, fractions, values, columns }: z.output<typeof SCHEMA>,
): Pick<ReadResponsesOptions, "metric" | "filter" | "rule" | "columns"> {
  return {
    metric: typeof metric === "string" ? [metric] : metric,
    filter,
    rule: { values: values ?? {}, fractions },
    columns: (columns ?? {}) as ReadResponsesOptions["columns"],
  };
}
