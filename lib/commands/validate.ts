import { isAbsolute, join } from "@std/path";
import { InputError } from "../base/errors.ts";
import { filterItems } from "../responses/filter_items.ts";
import { FAULTS, type Observations } from "../responses/observations.ts";
import type { Shape } from "../responses/csv_layout.ts";
import { indexed } from "../responses/read_responses.ts";
import { formatOf, readTables } from "../responses/read_tables.ts";
import { type Filtered, formatReport, type Report, reportSubjects } from "../responses/report.ts";
import type { Plan } from "../runner/config/plan.ts";
import type { Options } from "../runner/cli/options.ts";
import { write } from "../runner/cli/output.ts";
import { targetOf } from "../runner/cli/target_of.ts";

/**
 * Reads a table of one's own as the workflow would, and says what it holds and what is wrong with it,
 * with the rows.
 *
 * @param root Folder of the project.
 * @param plan The workflow, for its params.
 * @param file The table.
 * @param options The command line.
 * @returns The exit code: 2 when it cannot be used or, with `--strict`, has faults.
 */
export async function validate(
  root: string,
  plan: Plan,
  file: string,
  options: Pick<Options, "json">,
): Promise<number> {
  const { shape, benchmarks, min_overlap, strict } = targetOf(plan, "responses").params;
  const { min_subjects, min_minority } = targetOf(plan, "items").params;
  const format = formatOf(file);
  let observations: Observations | undefined;
  let report: Report | undefined;
  let error: string | undefined;
  try {
    if (format === undefined) {
      throw new InputError(
        `Cannot read ${file}: its ending is none of .csv, .tsv, .txt, .parquet, .pq. Rename it.`,
      );
    }
    const path = isAbsolute(file) ? file : join(root, file);
    if (!(await Deno.stat(path).catch(() => undefined))?.isFile) {
      throw new InputError(`Cannot read ${file}: there is no such file. Give its path.`);
    }
    observations = await readTables(path, file, format, {
      benchmarks: benchmarks as readonly string[] | null,
      shape: shape as Shape,
    });
    const { responses, facts } = indexed(observations, file, {}, {
      minOverlap: Number(min_overlap),
      strict: false,
      warn: () => {},
    });
    const filter = { minSubjects: Number(min_subjects), minMinority: Number(min_minority) };
    const { responses: kept, ...dropped } = filterItems(responses, filter);
    const filtered: Filtered = { kept: kept.itemIds.length, ...dropped };
    const from = [{ name: file, sha256: null }];
    report = { source: format, from, facts, filtered, subjects: reportSubjects(responses) };
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    error = cause.message;
  }
  const count = FAULTS.reduce((sum, reason) => sum + (observations?.leftOut[reason] ?? 0), 0);
  const faults = observations?.faults ?? [];
  const usable = error === undefined && !(strict === true && count > 0);
  if (options.json) {
    write(
      `${
        JSON.stringify({ file, usable, error: error ?? null, n_faults: count, faults, report })
      }\n`,
    );
  } else {
    if (report !== undefined) write(`${formatReport(report)}\n\n`);
    if (count > 0) {
      const more = count > faults.length ? [`and ${count - faults.length} more`] : [];
      const lines = [...faults.map(({ where, what }) => `${where}: ${what}`), ...more];
      write(`${count} rows or cells at fault:\n${lines.map((text) => `  ${text}\n`).join("")}\n`);
    }
    write(`${verdict(file, format, error, usable, count)}\n`);
  }
  return usable ? 0 : 2;
}

function verdict(
  file: string,
  format: string | undefined,
  error: string | undefined,
  usable: boolean,
  count: number,
): string {
  if (error !== undefined) return error;
  if (!usable) return `${file} has faults, and --strict allows none. Mend them.`;
  const but = count > 0 ? ", without what is at fault" : "";
  return `${file} can be used${but}:\n` +
    `  deno task reproduce --set responses.source=${format} --set responses.path=${file}`;
}
