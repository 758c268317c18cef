import { basename, join } from "@std/path";
import { InputError } from "../base/errors.ts";
import { NOWHERE, openWorkspace } from "../runner/assess.ts";
import type { Command } from "../runner/cli/command.ts";
import { copyOut } from "../runner/cli/copy_out.ts";
import { freshResults, recordsOf, resultsOf } from "../runner/cli/make.ts";
import { listener, listenerAside, write } from "../runner/cli/output.ts";
import { select, selectResults } from "../runner/cli/select.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import type { TargetName } from "../runner/names.ts";
import type { Result } from "../runner/project.ts";
import type { VerdictLine } from "../robustness/verdict.ts";
import { latex } from "./latex.ts";
import { REPORT, sureness, verdictsIn } from "./verdicts.ts";

/** What stands under a figure. */
export interface Caption {
  /** Name of the figure's file, without its ending. */
  readonly figure: string;
  readonly title: string;
  readonly caption: string;
  /** Printed width of the figure in inches. */
  readonly width: number;
}

/**
 * `captions`: builds figures and writes the captions that were made from their numbers, as Markdown or as
 * LaTeX with a figure each.
 */
export const captions: Command = async (project, options) => {
  const { json, out, copyTo, targets, format } = options;
  const plan = await planWorkflow(project, options.overrides);
  const names = targets.length > 0 ? select(plan, targets) : selectResults(plan);
  const workspace = await openWorkspace(plan, new Set(), out === undefined ? undefined : NOWHERE);
  const listen = json ? listenerAside({ quiet: true }) : listener(options);
  const records = await recordsOf(workspace, names, options, listen);
  if (typeof records === "number") return records;
  const verdicts = await verdictsIn(await freshResults(workspace, REPORT));
  const isUnsure = verdicts === undefined && plan.targets.has(REPORT as TargetName);
  const found = await captionsOf(resultsOf(workspace, records), verdicts);
  if (found.length === 0) {
    throw new InputError(
      `Cannot write captions: ${targets.join(", ") || "the workflow"} makes no figure`,
    );
  }
  if (json) {
    write(`${JSON.stringify(found)}\n`);
    return 0;
  }
  const file = {
    name: `captions.${format}`,
    text: format === "tex" ? texOf(found) : markdownOf(found),
  };
  const folders = [
    out ?? join(project.root, project.results),
    ...copyTo === undefined ? [] : [copyTo],
  ];
  for (const folder of folders) await copyOut(project.root, folder, "captions", [file]);
  const shown = [out ?? project.results, ...folders.slice(1)].map((folder) =>
    join(folder, file.name)
  );
  write(
    `Captions of ${found.length} ${found.length === 1 ? "figure" : "figures"}: ${
      shown.join(", ")
    }\n${isUnsure ? `${HOW_SURE}\n` : ""}`,
  );
  return 0;
};

const HOW_SURE =
  "To have them say how sure the claims are, run deno task robustness with the same --set, then this.";

/** The captions of a run as files by name, for `--copy captions`; none where it made no figure. */
export async function captionFiles(
  results: readonly Result[],
  fresh: (target: string) => Promise<readonly Result[]>,
): Promise<Record<string, string>> {
  const found = await captionsOf(results, await verdictsIn(await fresh(REPORT)));
  if (found.length === 0) return {};
  return { "captions.md": markdownOf(found), "captions.tex": texOf(found) };
}

/**
 * The captions of the figures among the results: each in the head of the CSV beside its PDF, and how sure what
 * it shows is, where that is known.
 */
async function captionsOf(
  results: readonly Result[],
  verdicts: readonly VerdictLine[] = [],
): Promise<Caption[]> {
  const tables = new Map(results.map((result) => [result.path, result]));
  const found = results.map(async ({ path, params }): Promise<Caption[]> => {
    const table = path.endsWith(".pdf") ? tables.get(path.replace(/pdf$/, "csv")) : undefined;
    if (table === undefined) return [];
    const [head = ""] = (await Deno.readTextFile(table.file)).split("\n# provenance: ");
    const [title = "", ...caption] = head.split("\n").map((line) => line.replace(/^# /, ""));
    const width = Number(params["width"] ?? 0);
    const figure = basename(path, ".pdf");
    const sure = sureness(verdicts, figure);
    return [{ figure, title, caption: [...caption, ...sure ? [sure] : []].join(" "), width }];
  });
  return (await Promise.all(found)).flat();
}

function markdownOf(captions: readonly Caption[]): string {
  const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>|~#]/g, "\\$&");
  const parts = captions.map(({ figure, title, caption }) =>
    `## ${plain(figure)}\n\n**${plain(title)}.** ${plain(caption)}\n`
  );
  return ["# Captions\n", ...parts].join("\n");
}

/** Wider figures, in inches, span both columns of a page. */
const ONE_COLUMN = 4;

const TEX_HEAD =
  `% The captions of the figures, made from their numbers by: deno task captions --format tex
% In the preamble of the paper: \\usepackage{graphicx}
% and, where the PDFs lie in another folder than the paper: \\graphicspath{{FOLDER/}}
% Then \\input this file, or copy figures from it. pdfLaTeX, XeLaTeX and LuaLaTeX take it.
% In a paper of one column, figure* is the same as figure.
`;

function texOf(captions: readonly Caption[]): string {
  const parts = captions.map(({ figure, title, caption, width }) => {
    const environment = width > ONE_COLUMN ? "figure*" : "figure";
    return [
      "",
      `\\begin{${environment}}`,
      "  \\centering",
      // The inner braces are for dots within the name.
      `  \\includegraphics[width=\\linewidth]{{${figure}}.pdf}`,
      `  \\caption[{${latex(title)}}]{\\textbf{${latex(title)}.} ${latex(caption)}}`,
      `  \\label{fig:${figure.replace(/^fig_/, "")}}`,
      `\\end{${environment}}`,
      "",
    ].join("\n");
  });
  return TEX_HEAD + parts.join("");
}
