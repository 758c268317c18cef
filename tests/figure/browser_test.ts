import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import type { TaskId } from "../../lib/runner/names.ts";
import { taskCode } from "../../lib/runner/modules.ts";
import { allowed } from "../support.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
/** What only Deno or Node has, outside comments. */
const NOT_IN_BROWSERS = /^(?!\s*(\*|\/\/)).*(\bDeno\.|"node:)/m;

Deno.test({
  name: "figures import nothing that a browser lacks",
  ignore: !allowed("read", "run", "env"),
  fn: async () => {
    const figures = Array.from(Deno.readDirSync(join(ROOT, "lib/figure")), ({ name }) => name)
      .filter((name) => name.endsWith("_figure.ts")).map((name) => `lib/figure/${name}` as TaskId);
    assert.equal(figures.length, 9);
    for (const [figure, { modules, packages }] of await taskCode(ROOT, figures)) {
      assert.ok(Object.keys(packages).some((name) => name.startsWith("@observablehq/plot@")));
      for (const name of Object.keys(packages)) {
        assert.doesNotMatch(name, /^(jsdom|pdf-lib)@/, figure);
      }
      for (const path of Object.keys(modules)) {
        assert.doesNotMatch(path, /^lib\/(figure\/pdf|artifact|runner)\//, figure);
        const code = await Deno.readTextFile(join(ROOT, path));
        assert.doesNotMatch(code, NOT_IN_BROWSERS, `${figure} imports ${path}`);
      }
    }
  },
});
