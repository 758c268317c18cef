import assert from "node:assert/strict";
import type { Claim } from "../../lib/claims/claim.ts";
import {
  type ClaimsByTable,
  claimsByTable,
  type TableColumn,
  type TableFacts,
} from "../../lib/claims/claims_by_table.ts";
import { claimsMarkdown } from "../../lib/claims/claims_markdown.ts";
import { claimsText } from "../../lib/claims/claims_text.ts";
import { claimsFigure } from "../../lib/figure/claims_figure.ts";
import { encodeCsv } from "../../lib/figure/kit/csv.ts";
import { allowed } from "../support.ts";
import { page } from "./page.ts";

const FACTS = {
  simulated: false,
  error: null,
  n_subjects: 71,
  n_items: 1646,
  n_skills: 11,
  n_pool: 400,
};

function made(label: string, changes: Partial<Claim> = {}): Claim {
  const claim = {
    label,
    figure: "fig_a_b",
    statement: `${label}, said`,
    source: "o",
    measure: "m; 1",
  };
  const found = { expected: true, holds: true, atEdge: false, value: 0.5, shown: "0.500" };
  return { ...claim, ...found, measured: "it is 0.5", ...changes };
}

const edge = {
  ...{ holds: null, atEdge: true, value: 400, shown: "k* ≥ 400" },
  measured: "does not apply: k* = 400 is at the edge",
};

function column(
  name: string,
  claims: readonly Claim[],
  facts: Partial<TableFacts> = {},
): TableColumn {
  return { table: { ...FACTS, name, ...facts }, claims };
}

const NONE = { n_subjects: null, n_items: null, n_skills: null, n_pool: null };

const ALL: ClaimsByTable = claimsByTable([
  column("bad", [], { ...NONE, error: "Cannot read bad.csv: a | b" }),
  column("first", [made("a"), made("k* inside"), made("c", { holds: false })], { simulated: true }),
  column("second_table", [
    made("a", { holds: false, expected: false }),
    made("k* inside", edge),
    made("c", { holds: null, value: null, shown: "", measured: "does not apply: one skill" }),
  ]),
  column("pool", [made("c")], { n_subjects: null }),
]);

Deno.test("claimsByTable() joins claims by statement, whichever tables have them", () => {
  assert.deepEqual(ALL.claims.map(({ label }) => label), ["a", "k* inside", "c"]);
  assert.deepEqual(ALL.claims.map(({ cells }) => cells.map(({ outcome }) => outcome)), [
    ["no result", "holds", "fails as expected", "no result"],
    ["no result", "holds", "not decidable here", "no result"],
    ["no result", "fails unexpectedly", "not decidable here", "holds"],
  ]);
  assert.equal(ALL.claims[1]!.cells[2]!.measured, "k* = 400 is at the edge");
  assert.equal(ALL.claims[0]!.cells[0]!.measured, "Cannot read bad.csv: a | b");
});

Deno.test("claimsMarkdown() has a column for each table, and says why one failed", () => {
  const text = claimsMarkdown(ALL);
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
  assert.equal(new Set(cells).size, 1);
  assert.match(
    text,
    /^\| responses \| {2}\| \*\*failed\*\*: Cannot read bad\.csv: a \\\| b \| 71 subjects, 1,646 items, simulated \|/m,
  );
  assert.match(
    text,
    /^\| k\\\* inside \| m; 1 \| no result \| holds: 0\.500 \| not decidable, at the edge of the grid: k\\\* ≥ 400 \|/m,
  );
  assert.match(text, /^\| \*not decidable here\* \| {2}\| 0 \| 0 \| 2 \| 0 \|$/m);
  assert.match(text, /## Fails unexpectedly\n\n- c, first: it is 0\.5\n/);
  assert.match(text, /- k\\\* inside, second_table: k\\\* = 400 is at the edge\n/);
});

Deno.test("claimsText() is a table for a terminal", () => {
  const lines = claimsText(ALL).split("\n");
  assert.match(lines[3]!, /^k\* inside +none +holds 0\.500 +edge k\* ≥ 400 +none$/);
  assert.equal(lines[3]!.indexOf("holds"), lines[0]!.indexOf("first"));
  assert.equal(lines.at(-1), "bad failed: Cannot read bad.csv: a | b");
});

Deno.test({
  name: "claimsFigure() draws each outcome, and numbers where the columns have room for them",
  ignore: !allowed("read", "env"),
  fn: async () => {
    const [narrow, wide] = [await page(3.3), await page(6.75)];
    const texts = (all: ClaimsByTable, at: typeof narrow): string[] =>
      [...claimsFigure(all, at).svg.querySelectorAll("text")].flatMap(({ textContent }) =>
        textContent ?? []
      );
    for (const at of [narrow, wide]) {
      const found = texts(ALL, at);
      const count = (text: string): number => found.filter((one) => one === text).length;
      // Once more in the key.
      assert.deepEqual(["●", "×", "✖", "○", "–"].map(count), [4, 2, 2, 3, 6]);
      assert.equal(count("0.500"), 5);
      assert.equal(count("≥ 400"), 1);
      assert.deepEqual([count("d = 11"), count("failed")], [3, 1]);
    }
    const many = claimsByTable(
      Array.from({ length: 16 }, (_, n) => column(`a_long_name_of_table_${n}`, [made("a")])),
    );
    const found = texts(many, narrow);
    assert.ok(!found.includes("0.500"));
    assert.equal(found.filter((text) => text === "a\\_long\\_name\\_of\\_ta…").length, 16);
    const { caption, columns, title } = claimsFigure(ALL, wide);
    assert.match(
      caption,
      /bad failed; first \(71 subjects, 1,646 items, d = 11, simulated responses\)/,
    );
    assert.match(
      caption,
      /Of the 12 cells: 3 holds, 1 fails as expected, 1 fails unexpectedly, 2 not decidable/,
    );
    const rows = encodeCsv([title], columns).split("\n").filter((line) => !line.startsWith("#"));
    assert.equal(rows.length, 1 + 12 + 1);
    assert.match(rows[4]!, /^pool,a,no result,1,0,,m; 1,/);
  },
});
