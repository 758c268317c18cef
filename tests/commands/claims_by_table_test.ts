import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import type { ClaimsByTable } from "../../lib/claims/claims_by_table.ts";
import { copyTree } from "../copy_tree.ts";
import { allowed } from "../support.ts";
import { Project } from "../runner/project.ts";

const WORKFLOW = `version: 1
params:
  seed: 0
  factor: 2
  responses: { source: csv, path: plain.csv }
  tables:
    - { name: plain, set: { responses.path: plain.csv } }
    - { name: seven, set: { responses.path: seven.csv } }
    - { name: tripled, set: { factor: 3 } }
    - { name: lost, set: { responses.path: lost.csv } }
targets:
  cache/table.txt:
    task: tasks/responses.ts
    inputs: { table: "\${responses.path}" }
    params: { factor: 1 }
  cache/scaled.txt:
    task: tasks/responses.ts
    inputs: { table: number.txt }
    params: { factor: "\${factor}" }
  figures/sum.txt:
    task: tasks/sum.ts
    inputs: { a: cache/table.txt }
    params: { offset: 1 }
  cache/claims_one.json:
    task: tasks/claims.ts
    inputs: { a: cache/table.txt }
  cache/claims_repeated_pool.json:
    task: tasks/claims.ts
    inputs: { a: cache/scaled.txt }
  claims_by_table:
    task: tasks/claims_by_table.ts
    on_request: true
    outputs: { json: figures/claims_by_table.json }
`;

/** A number in a table is a claim's: it fails when it is 7. */
const CLAIMS = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Claims that a number is not 7",
  params: z.object({}),
  inputs: { a: { kind: "txt" } },
  outputs: { claims: { kind: "json" } },
  async run({ inputs, outputs }) {
    const value = Number(await Deno.readTextFile(inputs.a!.path));
    const claim = { figure: "sum", label: "l", statement: "s", source: "o", measure: "m" };
    const found = { expected: true, measured: "it is " + value, value, shown: String(value) };
    const ends = { holds: value === 0 ? null : value !== 7, atEdge: false };
    await Deno.writeTextFile(outputs.claims, JSON.stringify([{ ...claim, ...found, ...ends }]));
  },
});
`;

const COPY = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Copies the claims",
  params: z.object({}),
  inputs: { claims: { kind: "json", optional: true } },
  outputs: { json: { kind: "json" } },
  async run({ inputs, outputs }) {
    await Deno.copyFile(inputs.claims!.path, outputs.json);
  },
});
`;

async function project(): Promise<Project> {
  const made = await Project.create();
  for (
    const path of [
      "lib/artifact",
      "lib/stats",
      "lib/claims",
      "lib/responses",
      "lib/game",
      "lib/fetch",
    ]
  ) {
    const source = fromFileUrl(new URL(`../../${path}`, import.meta.url));
    await copyTree(source, join(made.root, path));
  }
  await made.write("workflow.yaml", WORKFLOW);
  const scale = await made.read("tasks/scale.ts");
  await made.write(
    "tasks/responses.ts",
    scale.replace("number: {", "table: {").replace("inputs.number!", "inputs.table!").replace(
      "    await Deno.write",
      '    if (Number.isNaN(number)) throw new Error("it is no number");\n    await Deno.write',
    ),
  );
  await made.write("tasks/claims.ts", CLAIMS);
  await made.write("tasks/claims_by_table.ts", COPY);
  for (const [name, text] of Object.entries({ plain: "4", seven: "7", bad: "x", none: "0" })) {
    await made.write(`${name}.csv`, text);
  }
  return made;
}

/** The outcomes of the one claim by table. */
function outcomes({ tables, claims }: ClaimsByTable): Record<string, string> {
  return Object.fromEntries(
    tables.map(({ name }, n) => [name, claims[0]!.cells[n]!.outcome] as const),
  );
}

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name:
    "claims --tables builds everything for each table under names of its own, and what is equal once",
  ignore,
  fn: async () => {
    await using made = await project();
    const { code, out, err } = await made.run(
      "claims",
      "--tables",
      "plain,none.csv,tripled",
      "--json",
    );
    assert.equal(code, 0, err);
    const found = JSON.parse(out) as ClaimsByTable;
    assert.deepEqual(outcomes(found), {
      ...{ plain: "holds", none: "not decidable here", tripled: "holds" },
      ...{ pool: "holds", pool_tripled: "holds" },
    });
    const shown = found.claims[0]!.cells.map(({ figure, shown }) => [figure, shown]);
    assert.deepEqual(shown, [["sum", "4"], ["sum_none", "0"], ["sum", "4"], ["sum", "40"], [
      "sum",
      "60",
    ]]);
    assert.equal(await made.read("figures/claims_by_table.json"), out.trim());
    assert.equal(await made.read("figures/sum.txt"), "5");
    assert.equal(await made.read("figures/sum_none.txt"), "1");
    const files = (await made.list("cache")).filter((name) => /\.(txt|json)$/.test(name)).sort();
    assert.deepEqual(files, [
      ...["claims_by_table.json", "claims_one.json", "claims_one_none.json"],
      ...["claims_repeated_pool.json", "claims_repeated_pool_tripled.json"],
      ...["scaled.txt", "scaled_tripled.txt", "table.txt", "table_none.txt"],
    ]);
    const again = await made.run("claims", "--tables", "none.csv,plain");
    assert.doesNotMatch(again.out, /^built/m);
    assert.match(again.out, /All 5 targets are fresh/);
    assert.match(again.out, /^l +- 0 +holds 4 +holds 40$/m);
    const preview = await made.run("claims", "--tables", "seven,plain", "--dry-run", "--json");
    const states = JSON.parse(preview.out) as { table: string; targets: { state: string }[] }[];
    assert.deepEqual(states.map(({ table, targets: [first] }) => [table, first?.state]), [
      ["seven", "never built"],
      ["plain", "fresh"],
    ]);
    assert.deepEqual(await made.run("reproduce", "--quiet").then(({ code }) => code), 0);
  },
});

Deno.test({
  name:
    "claims --tables goes on after a table that fails, says why in its column, and exits with 1",
  ignore,
  fn: async () => {
    await using made = await project();
    const { code, out, err } = await made.run(
      "claims",
      "--tables",
      "bad.csv,lost,seven,plain",
      "--json",
    );
    assert.equal(code, 1, err);
    const found = JSON.parse(out) as ClaimsByTable;
    assert.deepEqual(outcomes(found), {
      ...{ bad: "no result", lost: "no result" },
      ...{ seven: "fails unexpectedly", plain: "holds", pool: "holds" },
    });
    const [bad, lost, seven] = found.tables.map(({ error }) => error ?? "");
    assert.match(bad!, /it is no number/);
    assert.match(lost!, /^workflow.yaml:10:.*there is no file lost\.csv/);
    assert.equal(seven, "");
    assert.equal(found.claims[0]!.cells[0]!.measured, bad);
    const text = await made.run("claims", "--tables", "bad.csv,plain");
    assert.equal(text.code, 1);
    assert.match(text.out, /^bad failed: .*it is no number/m);
    for (
      const [list, words] of [["sevn", /did you mean seven\?/], [
        "a/b.csv",
        /no such file/,
      ]] as const
    ) {
      const { code, err } = await made.run("claims", "--tables", list);
      assert.equal(code, 2);
      assert.match(err, words);
    }
  },
});
