import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { parse, stringify } from "yaml";
import type { ClaimsByTable } from "../../lib/claims/claims_by_table.ts";
import { copyProject, runIn } from "../copy_project.ts";
import { allowed } from "../support.ts";

/** Of the figures, one is enough. */
const FIGURE = "fig_oneshot_transparency";
const LEFT_OUT =
  /^(fig_(?!oneshot_transparency)|cache\/(closedform|robustness|page_)|fit_page|report|robustness)/;

const FEW = {
  game: { n_rounds: 12 },
  one_shot: { n_draws: 3, n_ks: 5 },
  rho_k_map: { n_replicates: 3, n_bootstrap: 3, n_ks: 5, rhos: { min: 0.01, max: 0.5, n: 3 } },
  delta_vs_k: { n_replicates: 3, ks: [1, 5] },
  validation: { n_replicates: 3 },
  synthetic: { n_per_layer: 4 },
  tables: [{
    name: "one_skill",
    set: { "responses.source": "csv", "responses.path": "answers.csv", "factors.n": 1 },
  }],
};

/** The workflow with few numbers, to be quick. */
function small(text: string): string {
  const { params, targets, ...rest } = parse(text) as Record<"params" | "targets", object>;
  const merged = Object.entries(FEW).map(([name, some]) => {
    const all = (params as Record<string, object>)[name];
    return [name, Array.isArray(some) ? some : { ...all, ...some }] as const;
  });
  const kept = Object.entries(targets).filter(([name]) => !LEFT_OUT.test(name));
  return stringify({
    ...rest,
    params: { ...params, ...Object.fromEntries(merged) },
    targets: Object.fromEntries(kept),
  });
}

/** Answers of 20 subjects to 40 items. */
function answers(chance: (subject: number, item: number) => number): string {
  const line = (s: number): unknown[] =>
    Array.from({ length: 40 }, (_, i) => s === 0 ? `q${i}` : Number(chance(s, i) > i % 7 / 6));
  return Array.from({ length: 21 }, (_, s) => [s === 0 ? "model" : `m${s}`, ...line(s)].join())
    .join("\n");
}

Deno.test({
  name: "claims --tables runs the whole workflow on two tables, and writes and draws their claims",
  ignore: !allowed("read", "write", "run", "env", "ffi"),
  fn: async () => {
    const root = await copyProject();
    try {
      // The figures' font is read from the folder of packages, which a copy does not have.
      for (const file of ["deno.json", "package.json"]) {
        await Deno.copyFile(
          fromFileUrl(new URL(`../../${file}`, import.meta.url)),
          join(root, file),
        );
      }
      const status = await runIn(root, ["status", "--json", "fig_*"]);
      const figures = (JSON.parse(status.out) as { target: string }[]).map((row) => row.target);
      const workflow = join(root, "workflow.yaml");
      await Deno.writeTextFile(workflow, small(await Deno.readTextFile(workflow)));
      const chance = (s: number, i: number): number => Math.sin(s * (i % 3 + 5) + i) * 0.6 + s / 20;
      await Deno.writeTextFile(join(root, "answers.csv"), answers(chance));
      await Deno.writeTextFile(join(root, "more.csv"), answers((s, i) => chance(s + 3, i + 2)));
      const { out, err } = await runIn(root, [
        "claims",
        "--tables",
        "one_skill,more.csv",
        "--json",
      ]);
      const { tables, claims } = JSON.parse(out) as ClaimsByTable;
      assert.deepEqual(tables.map(({ name, error }) => [name, error]), [
        ["one_skill", null],
        ["more", null],
        ["synthetic", null],
      ], err);
      assert.equal(tables[0]!.n_skills, 1);
      assert.ok(claims.length > 20);
      for (const { cells: [one, more, synthetic] } of claims) {
        assert.ok(figures.includes(one!.figure.replace(/_one_skill$/, "")), one!.figure);
        assert.ok(synthetic!.outcome === "no result" || figures.includes(synthetic!.figure));
        assert.equal(one!.outcome, "not decidable here");
        assert.ok(one!.value === null && more!.outcome !== "no result");
        assert.equal(
          more!.value === null,
          more!.outcome === "not decidable here" && more!.shown === "",
        );
      }
      const first = claims[0]!.cells[0]!;
      assert.match(first.measured, /^there is one skill \(d = 1\)/);
      assert.equal(first.figure, `${FIGURE}_one_skill`);
      const read = async (name: string): Promise<string> =>
        await Deno.readTextFile(join(root, "figures", name));
      assert.deepEqual(JSON.parse(await read("claims_by_table.json")), { tables, claims });
      assert.match(
        await read("claims_by_table.md"),
        /^\| Claim \| Number \| one_skill \| more \| synthetic \|$/m,
      );
      const rows = (await read("claims_by_table.csv")).split("\n").filter((line) =>
        /^(one_skill|more|synthetic),/.test(line)
      );
      assert.equal(rows.length, 3 * claims.length);
      const named = ["claims_by_table", ...["_one_skill", "_more"].map((end) => `${FIGURE}${end}`)];
      for (const name of named) {
        const pdf = await Deno.readFile(join(root, "figures", `${name}.pdf`));
        assert.equal(new TextDecoder().decode(pdf.subarray(0, 4)), "%PDF");
      }
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
