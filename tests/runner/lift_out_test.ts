import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { copyTree } from "../copy_tree.ts";
import { allowed } from "../support.ts";

const SOURCE = fromFileUrl(new URL("../../", import.meta.url));

/** The packages that the runner imports. */
const PACKAGES = ["@std/path", "@std/cli/parse-args", "fastest-levenshtein", "yaml", "zod"];

const FILES: Readonly<Record<string, string>> = {
  "main.ts": `import { main } from "./lib/runner/cli/main.ts";
const bakery = { root: Deno.cwd(), results: "loaves" };
Deno.exit(await main(Deno.args, bakery));
`,
  "workflow.yaml": `version: 1
params: { seed: 0, grams: 500 }
targets:
  cache/dough.txt: { task: tasks/mix.ts, params: { grams: "\${grams}" } }
  cache/starter.txt: { task: tasks/mix.ts, params: { grams: 50 } }
  loaves/rye.txt: { task: tasks/bake.ts, inputs: { dough: cache/dough.txt, starter: cache/starter.txt } }
`,
  "tasks/mix.ts": `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Mixes flour and water",
  params: z.object({ grams: z.number() }),
  inputs: {},
  outputs: { dough: { kind: "txt" } },
  run: async ({ params, outputs }) => await Deno.writeTextFile(outputs.dough, String(params.grams)),
});
`,
  "tasks/bake.ts": `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Bakes a loaf",
  params: z.object({}),
  inputs: { dough: { kind: "txt" }, starter: { kind: "txt" } },
  outputs: { loaf: { kind: "txt" } },
  async run({ inputs, outputs }) {
    const read = async (path: string) => Number(await Deno.readTextFile(path));
    const grams = await read(inputs.dough!.path) + await read(inputs.starter!.path);
    await Deno.writeTextFile(outputs.loaf, String(0.9 * grams));
  },
});
`,
  "main_test.ts": `import { planWorkflow } from "./lib/runner/config/plan.ts";
Deno.test("the bakery plans three targets", async () => {
  const { targets } = await planWorkflow({ root: Deno.cwd(), results: "loaves" }, []);
  if (targets.size !== 3) throw new Error(String(targets.size));
});
`,
};

Deno.test({
  name: "the runner and lib/base alone build, explain and clean a project of another subject",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    const root = await Deno.makeTempDir({ prefix: "lift-out-" });
    try {
      for (const path of ["lib/runner", "lib/base", "deno.lock"]) {
        await copyTree(join(SOURCE, path), join(root, path));
      }
      const { imports, compilerOptions } = JSON.parse(
        await Deno.readTextFile(join(SOURCE, "deno.json")),
      );
      const own = Object.fromEntries(PACKAGES.map((name) => [name, imports[name]]));
      const config = { imports: own, compilerOptions, nodeModulesDir: "none" };
      await Deno.mkdir(join(root, "tasks"));
      for (
        const [path, text] of Object.entries({ ...FILES, "deno.json": JSON.stringify(config) })
      ) {
        await Deno.writeTextFile(join(root, path), text);
      }
      const deno = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args,
          cwd: root,
          env: { NO_COLOR: "1" },
        }).output();
        const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        assert.equal(code, 0, text);
        return text;
      };
      const run = (...args: string[]): Promise<string> => deno("run", "-A", "main.ts", ...args);
      await deno("check", "main.ts", "tasks/", "lib/");
      await deno("test", "-A", "main_test.ts");
      assert.match(await run("reproduce"), /3 built, 0 restored, 0 fresh/);
      assert.equal(await Deno.readTextFile(join(root, "loaves/rye.txt")), "495");
      assert.match(await run("status"), /loaves\/rye\.txt +fresh/);
      assert.match(await run("explain", "loaves/rye.txt"), /nothing has changed/);
      assert.match(await run("gc", "--keep", "0"), /Removed 0 records, 0 contents/);
      assert.match(
        await run("build", "loaves/*", "--set", "grams=950"),
        /2 built, 0 restored, 1 fresh/,
      );
      assert.match(await run("build", "loaves/*"), /0 built, 2 restored, 1 fresh/);
      assert.match(await run("gc", "--keep", "0"), /Removed 2 records, 2 contents/);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
