import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

Deno.test({
  name: "watch builds, builds again after an edit, tells an error and survives it",
  ignore: !allowed("read", "write", "run", "env") || Deno.build.os === "windows",
  fn: async () => {
    await using project = await Project.create();
    const watch = project.command(["watch"]).spawn();
    const reader = watch.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const until = async (says: RegExp): Promise<void> => {
      while (!says.test(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`watch ended: ${text}`);
        text += value;
      }
      text = "";
    };
    await until(/2 built[^]*Watching for changes/);
    await project.write("number.txt", "30");
    await until(/number\.txt changed[^]*2 built[^]*Watching for changes/);
    assert.equal(await project.read("figures/sum.txt"), "60");
    await project.edit("workflow.yaml", "offset: 0", "ofset: 0");
    await until(/workflow\.yaml changed[^]*Watching for changes/);
    await project.edit("workflow.yaml", "ofset: 0", "offset: 1");
    await until(/workflow\.yaml changed[^]*1 built[^]*Watching for changes/);
    assert.equal(await project.read("figures/sum.txt"), "61");
    watch.kill("SIGINT");
    while (!(await reader.read()).done);
    await watch.stderr.cancel();
    assert.equal((await watch.status).code, 130);
  },
});
