import {
  type Cell,
  CELL_OUTCOMES,
  type CellOutcome,
  type ClaimsByTable,
  type TableFacts,
} from "./claims_by_table.ts";

/** What stands before a number; what is to be looked at, in bold. */
const WORDS: Readonly<Record<CellOutcome, string>> = {
  "holds": "holds",
  "fails as expected": "fails, as expected",
  "fails unexpectedly": "**fails**",
  "not decidable here": "not decidable",
  "no result": "no result",
};

/** The claims of several tables as Markdown: the table, what each claim says, and why where one is not as expected. */
export function claimsMarkdown({ tables, claims }: ClaimsByTable): string {
  const count = (outcome: CellOutcome, n: number): string =>
    String(claims.filter(({ cells }) => cells[n]!.outcome === outcome).length);
  const facts = (name: string, of: (table: TableFacts) => string): string[] => [
    name,
    "",
    ...tables.map(of),
  ];
  const listed = (outcome: CellOutcome): string[] => {
    const found = claims.flatMap(({ label, cells }) =>
      cells.flatMap((cell, n) =>
        cell.outcome === outcome
          ? [`- ${plain(label)}, ${tables[n]!.name}: ${plain(cell.measured)}`]
          : []
      )
    );
    return found.length > 0 ? found : ["None."];
  };
  return [
    "# Claims by table of responses",
    "",
    ...table(["Claim", "Number", ...tables.map(({ name }) => name)], [
      facts("responses", responsesOf),
      facts("skills *d*", ({ n_skills }) => textOf(n_skills)),
      facts("tasks *N*", ({ n_pool }) => textOf(n_pool)),
      ...claims.map((
        { label, measure, cells },
      ) => [plain(label), plain(measure), ...cells.map(cellText)]),
      ...CELL_OUTCOMES.map((outcome) => [
        `*${outcome}*`,
        "",
        ...tables.map((_, n) => count(outcome, n)),
      ]),
    ]),
    "",
    "*Number* is what a claim is judged by, and after the semicolon what it has to be.",
    "",
    "## Fails unexpectedly",
    "",
    ...listed("fails unexpectedly"),
    "",
    "## Not decidable here",
    "",
    ...listed("not decidable here"),
    "",
    "## What each claim says",
    "",
    ...claims.map(({ label, statement, source }) =>
      `- **${plain(label)}**: ${plain(statement)} (${plain(source)})`
    ),
    "",
  ].join("\n");
}

function responsesOf({ n_subjects, n_items, simulated, error }: TableFacts): string {
  if (error !== null) return `**failed**: ${plain(error)}`;
  if (n_subjects === null) return "none";
  const size = `${textOf(n_subjects)} subjects, ${textOf(n_items)} items`;
  return simulated ? `${size}, simulated` : size;
}

function cellText({ outcome, shown, atEdge }: Cell): string {
  return [atEdge ? `${WORDS[outcome]}, at the edge of the grid` : WORDS[outcome], plain(shown)]
    .filter((
      text,
    ) => text !== "").join(": ");
}

/** A text without marks of its own. */
function plain(text: string): string {
  return text.replaceAll(/[*<`]/g, "\\$&");
}

function textOf(n: number | null): string {
  return n === null ? "–" : n.toLocaleString("en-US");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
