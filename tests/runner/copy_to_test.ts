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
    assert.match(out, /1 file copied to paper\/figures/);
    assert.deepEqual(await project.list("paper/figures"), ["sum.pdf"]);
    assert.equal(await project.read("paper/figures/sum.pdf"), "40");
    // Nothing to build: the copy is made all the same.
    await Deno.remove(join(project.root, "paper"), { recursive: true });
    await project.run("reproduce", "--copy-to", "paper/figures");
    assert.deepEqual(await project.list("paper/figures"), ["sum.pdf"]);
    // Other endings, when they are asked for.
    const more = await project.run("reproduce", "--copy-to", "all", "--copy", "pdf,all");
    assert.match(more.out, /1 file copied to all/);
    const none = await project.run("reproduce", "--copy-to", "none", "--copy", ".csv");
    assert.equal(none.code, 2);
    assert.match(
      none.err,
      /^Cannot copy csv: of the figures of this run, --copy takes pdf, captions, all/,
    );
    const alone = await project.run("reproduce", "--copy", "csv");
    assert.equal(alone.code, 2);
    assert.match(alone.err, /^--copy needs --copy-to FOLDER/);
    await project.write("file", "");
    const failed = await project.run("reproduce", "--copy-to", "file");
    assert.equal(failed.code, 2);
    assert.match(failed.err, /^Cannot copy the figures to file: cannot .*: .*Move away the file/);
  },
});

Deno.test({
  name: "build --out puts results into a folder of their own and leaves those in place alone",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    const variant = ["build", "figures/sum.txt", "--set", "scale.factor=3", "--out", "runs/three"];
    const { code, out } = await project.run(...variant);
    assert.equal(code, 0, out);
    assert.match(out, /^Results: runs\/three\/sum\.txt/m);
    assert.equal(await project.read("runs/three/sum.txt"), "60");
    assert.equal(await project.read("figures/sum.txt"), "40");
    assert.equal(await project.read("cache/scaled.txt"), "40");
    assert.equal((await project.run("status", "--check")).code, 0);
    // A second time nothing is run, and an edited copy is put right.
    await project.write("runs/three/sum.txt", "edited");
    assert.deepEqual(await project.ran(...variant), []);
    assert.equal(await project.read("runs/three/sum.txt"), "60");
    // A file in place of a person's own is not looked at, and paths are of where one stands.
    await project.write("figures/sum.txt", "mine");
    await Deno.mkdir(join(project.root, "sub"));
    const env = { INIT_CWD: join(project.root, "sub") };
    await project.command([...variant, "--copy-to", "c.zip", "--copy", "all"], env).output();
    assert.equal(await project.read("sub/runs/three/sum.txt"), "60");
    assert.deepEqual((await project.list("sub")).sort(), ["c.zip", "runs"]);
    assert.equal(await project.read("figures/sum.txt"), "mine");
    await project.write("file", "");
    const failed = await project.run("reproduce", "--out", "file");
    assert.equal(failed.code, 2);
    assert.match(failed.err, /^Cannot copy the figures to file: /);
  },
});
