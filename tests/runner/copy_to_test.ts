import assert from "node:assert/strict";
import { join } from "@std/path";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

Deno.test({
  name: "reproduce --copy-to copies the PDFs, makes the folder, and says when it cannot",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.edit("workflow.yaml", "figures/sum.txt", "figures/sum.pdf");
    const { code, out } = await project.run("reproduce", "--copy-to", "paper/figures");
    assert.equal(code, 0, out);
    assert.match(out, /1 figures copied to paper\/figures/);
    assert.deepEqual(await project.list("paper/figures"), ["sum.pdf"]);
    assert.equal(await project.read("paper/figures/sum.pdf"), "40");
    // Nothing to build: the copy is made all the same.
    await Deno.remove(join(project.root, "paper"), { recursive: true });
    await project.run("reproduce", "--copy-to", "paper/figures");
    assert.deepEqual(await project.list("paper/figures"), ["sum.pdf"]);
    // Other endings, when they are asked for.
    const more = await project.run("reproduce", "--copy-to", "all", "--copy", "pdf,all");
    assert.match(more.out, /1 figures copied to all/);
    const none = await project.run("reproduce", "--copy-to", "none", "--copy", ".csv");
    assert.equal(none.code, 2);
    assert.match(none.err, /^Cannot copy \.csv: the figures of this run end in pdf/);
    const alone = await project.run("reproduce", "--copy", "csv");
    assert.equal(alone.code, 2);
    assert.match(alone.err, /^--copy needs --copy-to FOLDER/);
    await project.write("file", "");
    const failed = await project.run("reproduce", "--copy-to", "file");
    assert.equal(failed.code, 2);
    assert.match(failed.err, /^Cannot copy the figures to file: /);
  },
});
