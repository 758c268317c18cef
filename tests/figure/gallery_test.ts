import assert from "node:assert/strict";
import { allowed } from "../support.ts";

/** Bytes that all thumbnails together may have. */
const MOST = 1 << 20;

Deno.test({
  name: "the gallery shows each figure of workflow.lock.json, in a MiB at most",
  ignore: !allowed("read"),
  fn: () => {
    const root = new URL("../../", import.meta.url);
    const read = (path: string): string => Deno.readTextFileSync(new URL(path, root));
    const { targets } = JSON.parse(read("workflow.lock.json")) as {
      targets: Record<string, { outputs: Record<string, string> }>;
    };
    const figures = Object.values(targets).flatMap(({ outputs }) => Object.keys(outputs))
      .filter((path) => path.endsWith(".pdf"))
      .map((path) => path.replace(/^figures\/(.*)\.pdf$/, "$1.png")).sort();
    const folder = new URL("docs/gallery/", root);
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(files, figures);
    const page = read("docs/gallery.md");
    for (const name of figures) assert.ok(page.includes(`](gallery/${name})`), name);
    const sizes = files.map((name) => Deno.statSync(new URL(name, folder)).size);
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= MOST);
  },
});
