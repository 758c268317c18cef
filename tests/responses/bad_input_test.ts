import assert from "node:assert/strict";
import { join } from "@std/path";
import { copyProject } from "../copy_project.ts";
import { allowed } from "../support.ts";

const [id, number] = ["STRING", "DOUBLE"] as const;

/** Tables that cannot be used, and what is said of them. */
const TABLES = {
  "missing-column": {
    columns: [["subject_id", id, ["a"]], ["response", number, [1]]],
    says: /missing-column\.parquet: the column item_id is missing.*Rename or add it/,
  },
  "no-binary": {
    columns: [["subject_id", id, ["a"]], ["item_id", id, ["x"]], ["response", number, [0.5]]],
    says: /no-binary\.parquet: none of its 1 rows has a response of 0 or 1/,
  },
  "empty": {
    columns: [["subject_id", id, []], ["item_id", id, []], ["response", number, []]],
    says: /empty\.parquet: the table has no rows/,
  },
  "silent": {
    columns: [
      ["subject_id", id, ["a", "quiet"]],
      ["item_id", id, ["x", "x"]],
      ["response", number, [1, 2]],
    ],
    says: /silent\.parquet: 1 of 2 subjects have no response of 0 or 1 \(quiet\)/,
  },
} as const;

Deno.test({
  name: "bad input exits with 2, says what to do, and leaves figures and records alone",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async (t) => {
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const root = await copyProject();
    const build = async (...sets: string[]): Promise<string> => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--allow-all", "lib/main.ts"],
          // A figure that needs the responses: those of the synthetic pool would be made.
          ...["build", "fig_loadings_4"],
          ...sets.flatMap((set) => ["--set", set]),
        ],
        cwd: root,
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(code, 2, text);
      for (const folder of ["figures", "cache/records"]) {
        await assert.rejects(Deno.stat(join(root, folder)), Deno.errors.NotFound);
      }
      assert.doesNotMatch(text, /\n\s+at /);
      return text;
    };
    const parquet = (file: string): string[] => [
      "responses.source=parquet",
      `responses.path=${file}`,
    ];
    try {
      for (const [name, { columns, says }] of Object.entries(TABLES)) {
        await t.step(name, async () => {
          const bytes = parquetWriteBuffer({
            columnData: columns.map(([name, type, data]) => ({ name, type, data: [...data] })),
          });
          await Deno.writeFile(join(root, `${name}.parquet`), new Uint8Array(bytes));
          assert.match(await build(...parquet(`${name}.parquet`)), says);
        });
      }
      await t.step("a file that is no parquet", async () => {
        await Deno.writeTextFile(join(root, "text.parquet"), "subject_id,item_id\n");
        assert.match(await build(...parquet("text.parquet")), /Cannot read text\.parquet/);
      });
      await t.step("a missing file", async () => {
        assert.match(
          await build(...parquet("none.parquet")),
          /^--set responses\.path: .*there is no file or folder none\.parquet; give the path/,
        );
      });
      await t.step(
        "parquet without a path, an unknown source, a wrong number of factors",
        async () => {
          const cases = {
            "responses.source=parquet":
              /responses\.path names no file; add --set responses\.path=FILE/,
            "responses.path=deno.lock":
              /responses\.source is simulated, which reads no file, but responses\.path names one/,
            "responses.source=paket":
              /--set responses\.source: there is no sources\.paket; did you mean parquet\?/,
            "factors.n=some": /expected auto, or a whole number from 1 to 16/,
          };
          for (const [set, says] of Object.entries(cases)) assert.match(await build(set), says);
        },
      );
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
