import assert from "node:assert/strict";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { allowed } from "../support.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
/** What only Deno or Node has, outside comments. */
const NOT_IN_BROWSERS = /^(?!\s*(\*|\/\/)).*(\bDeno\.|"node:)/m;
/** What a page has no use for. */
const NOT_FOR_PAGES = /^(npm:.*\b(jsdom|pdf-lib|zod|fflate)@|lib\/(figure\/pdf|runner)\/)/;

/** The specifiers that a module imports when it runs (types apart), itself first. */
async function importedBy(module: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-remote", module],
    cwd: ROOT,
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      specifier: string;
      dependencies?: { specifier: string; code?: { specifier?: string } }[];
    }[];
  };
  const reached = new Set([toFileUrl(join(ROOT, module)).href]);
  for (const specifier of reached) {
    const found = modules.find((module) => module.specifier === specifier);
    for (const { code } of found?.dependencies ?? []) {
      if (code?.specifier !== undefined) reached.add(code.specifier);
    }
  }
  return [...reached].map((specifier) => specifier.replace(toFileUrl(ROOT).href, ""));
}

Deno.test({
  name: "figures import nothing that a browser lacks",
  ignore: !allowed("read", "run", "env"),
  fn: async () => {
    const figures = Array.from(Deno.readDirSync(join(ROOT, "lib/figure")), ({ name }) => name)
      .filter((name) => name.endsWith("_figure.ts")).map((name) => `lib/figure/${name}`);
    assert.ok(figures.length >= 9);
    for (const figure of figures) {
      const imported = await importedBy(figure);
      assert.ok(imported.some((specifier) => specifier.includes("@observablehq/plot")), figure);
      for (const specifier of imported) {
        assert.doesNotMatch(specifier, NOT_FOR_PAGES, figure);
        if (!specifier.startsWith("lib/")) continue;
        const code = await Deno.readTextFile(join(ROOT, specifier));
        assert.doesNotMatch(code, NOT_IN_BROWSERS, `${figure} imports ${specifier}`);
      }
    }
  },
});
