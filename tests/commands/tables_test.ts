import assert from "node:assert/strict";
import { join } from "@std/path";
import type { Table } from "../../lib/commands/declared_tables.ts";
import { nameFor } from "../../lib/commands/table_names.ts";
import { chooseTables } from "../../lib/commands/tables.ts";
import { parseWorkflowDocument } from "../../lib/runner/config/document.ts";
import type { Plan } from "../../lib/runner/config/planned.ts";
import { allowed } from "../support.ts";

const ignore = !allowed("read", "write", "env");

/** A folder with some files, and a plan of it whose targets make the outputs. */
async function folderWith(
  ...files: string[]
): Promise<AsyncDisposable & { readonly root: string }> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "tables-test-" }));
  for (const file of files) {
    await Deno.mkdir(join(root, file, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, file), "");
  }
  return { root, [Symbol.asyncDispose]: async () => await Deno.remove(root, { recursive: true }) };
}

function planOf(root: string, tables: string): Plan {
  const params = parseWorkflowDocument(new TextEncoder().encode(`tables: ${tables}`), "w.yaml");
  const outputs = new Map([["a", "cache/a.npz"], ["b", "figures/b.pdf"], ["c", "figures/b_x.pdf"]]);
  const targets = new Map([["t", { name: "t", outputs }]]);
  return { root, params, targets } as unknown as Plan;
}

const LIST = "[{ name: one, set: { responses.source: simulated } }, { name: two }]";

async function names(root: string, list: string, tables = LIST): Promise<string[]> {
  return (await chooseTables(planOf(root, tables), [list], [])).map(({ name }) => name);
}

Deno.test("nameFor() puts a table's name before the ending of a path, and after a target's name", () => {
  assert.equal(nameFor("bfcl", "figures/fig_a.pdf"), "figures/fig_a_bfcl.pdf");
  assert.equal(nameFor("bfcl", "cache/rho_0.01.npz"), "cache/rho_0.01_bfcl.npz");
  assert.equal(nameFor("bfcl", "fig_rho_0.01"), "fig_rho_0.01_bfcl");
});

Deno.test({
  name: "chooseTables() takes tables of the workflow by name, and files by their path",
  ignore,
  fn: async () => {
    await using folder = await folderWith("own.csv", "a.parquet", "logs/x.jsonl");
    const { root } = folder;
    const tables = await chooseTables(planOf(root, LIST), [
      "two,own.csv",
      `one,${root}/a.parquet`,
      "logs",
    ], []);
    const said = tables.map(({ name, set }): unknown[] => [
      name,
      ...set.map(({ name, node }) => [name, node?.kind === "scalar" ? node.value : undefined]),
    ]);
    const file = (source: string, path: string): [string, string][] => [
      ["responses.source", source],
      ["responses.path", join(root, path)],
    ];
    assert.deepEqual(said, [
      ["two"],
      ["own", ...file("csv", "own.csv")],
      ["one", ["responses.source", "simulated"]],
      ["a", ...file("parquet", "a.parquet")],
      ["logs", ...file("evals", "logs")],
    ]);
  },
});

Deno.test({
  name: "chooseTables() gives files names that any system takes and no other table has",
  ignore,
  fn: async () => {
    const files = [
      "a/t.csv",
      "b/T.csv",
      "b,c.csv",
      "Ünï  (çödé).csv.gz",
      "日本.csv",
      "x.csv",
      "one.csv",
      "v1.2.csv",
      ".csv",
    ];
    await using folder = await folderWith(...files, `${"n".repeat(99)}.csv`);
    const { root } = folder;
    const dir = root.split(/[_/]/).at(-1)!.replace(/^.*\//, "");
    const of = async (list: string): Promise<string[]> => await names(root, list);
    assert.deepEqual(await of("a/t.csv,b/T.csv"), ["a_t", "b_T"]);
    assert.deepEqual(await of("a/t.csv"), ["t"]);
    assert.deepEqual(await of("b,c.csv,two"), ["b_c", "two"]);
    assert.deepEqual(await of("Ünï  (çödé).csv.gz,日本.csv,.csv"), ["Uni_code", "table", "csv"]);
    assert.deepEqual(await of("v1.2.csv"), ["v1_2"]);
    assert.deepEqual(await of("n".repeat(99) + ".csv"), ["n".repeat(40)]);
    // figures/b_x.pdf is another's, and so is the name of a table that is not asked for.
    for (const file of ["x.csv", "one.csv"]) {
      const [name = ""] = await of(file);
      assert.ok(name.length > 8 && /^tables-test-/.test(name), `${name} in ${dir}`);
    }
  },
});

Deno.test({
  name: "chooseTables() takes a file that is a table of the workflow as that table",
  ignore,
  fn: async () => {
    await using folder = await folderWith("own.csv");
    const { root } = folder;
    const list = "[{ name: mine, set: { responses.source: csv, responses.path: own.csv } }]";
    assert.deepEqual(await names(root, `${root}/own.csv`, list), ["mine"]);
    await assert.rejects(names(root, "mine,own.csv", list), /names own\.csv twice/);
    await Deno.symlink(join(root, "own.csv"), join(root, "linked.csv"));
    assert.deepEqual(await names(root, "linked.csv", "[]"), ["linked"]);
  },
});

Deno.test({
  name: "chooseTables() refuses in words what is no table, or two of one name",
  ignore,
  fn: async () => {
    await using folder = await folderWith("own.csv");
    const { root } = folder;
    const cases: readonly (readonly [list: string, tables: string, words: RegExp])[] = [
      [
        "onne",
        LIST,
        /no table onne in workflow.yaml, and no such file or folder; did you mean one\?/,
      ],
      ["nope/own.csv", LIST, /no table nope\/own\.csv/],
      ["one,,two", LIST, /a name is empty/],
      ["one,one", LIST, /names one twice/],
      ["own.csv,./own.csv", LIST, /names \.\/own\.csv twice/],
      [
        "one",
        "[{ name: one }, { name: One }]",
        /^w.yaml:1:33: the table One is listed twice; first at w.yaml:1:18$/,
      ],
      [
        "one",
        "[{ name: x }]",
        /^w.yaml:1:18: a table cannot be called x: figures\/b_x\.pdf would be made twice$/,
      ],
      [
        "one",
        "[{ name: a b }, { name: ../c }, { set: {} }]",
        /^(w.yaml:1:\d+: tables: a name has letters.*\n?){3}$/,
      ],
      ["one", "[{ name: one, sett: {} }]", /unknown field sett in tables; did you mean set\?/],
      ["one", "[{ name: one, set: [1] }]", /set must be a map/],
      ["one", "[one]", /write \{ name: NAME/],
      ["one", "one", /must be a list/],
    ];
    for (const [list, tables, words] of cases) {
      await assert.rejects(names(root, list, tables), (error: Error) => {
        assert.match(error.message, words);
        return true;
      });
    }
    const set = [{ name: "responses.source", text: "csv" }];
    await assert.rejects(
      chooseTables(planOf(root, LIST), ["one"], set),
      /--set responses\.source cannot be combined with the table one, which sets it/,
    );
  },
});

Deno.test({
  name: "chooseTables() keeps a file that cannot be a table, with the reason, for its column",
  ignore,
  fn: async () => {
    await using folder = await folderWith("book.xlsx");
    const [table] = await chooseTables(planOf(folder.root, LIST), ["book.xlsx"], []) as Table[];
    assert.match(table!.error!, /it is a workbook/);
  },
});
