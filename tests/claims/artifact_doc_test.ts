import assert from "node:assert/strict";
import { allowed } from "../support.ts";

const read = (path: string): string =>
  Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));

Deno.test({
  name: "docs/artifact.md names files, commands and figures that there are",
  ignore: !allowed("read"),
  fn: () => {
    const text = read("docs/artifact.md");
    const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, unknown> };
    for (const [, task = ""] of text.matchAll(/deno task (\S+?)[\s`]/g)) {
      assert.ok(Object.hasOwn(tasks, task), `there is no deno task ${task}`);
    }
    for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)/g)) {
      assert.ok(Deno.statSync(new URL(`../../docs/${link}`, import.meta.url)).isFile, link);
    }
    // Those that are made on request alone are built from a pool's suffix.
    const known = read("workflow.yaml") + read("workflow.lock.json");
    for (const [, figure = ""] of text.matchAll(/`(fig_\w+)`/g)) {
      assert.ok(
        known.includes(figure.replace(/^(fig_holdout)_synthetic$/, "$1")),
        `there is no ${figure}`,
      );
    }
  },
});
