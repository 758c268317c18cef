import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name: "verify passes deterministic tasks, and finds one that is not, with the first byte",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    const same = await project.run("verify");
    assert.equal(same.code, 0, same.out + same.err);
    assert.match(same.out, /2 of 2 targets made the same bytes again/);
    assert.deepEqual(await project.list("cache/staging"), []);

    await project.edit("tasks/scale.ts", "number * params.factor", "40.4 + Date.now() % 1e7");
    await project.run("reproduce");
    const before = await project.read("cache/scaled.txt");
    const found = await project.run("verify", "cache/scaled.txt");
    assert.equal(found.code, 3, found.out + found.err);
    assert.match(found.out, /differs {3}cache\/scaled\.txt: the same task made other bytes/);
    const [, byte] = /cache\/scaled\.txt: byte (\d+); \d+ bytes were recorded/.exec(found.out) ??
      [];
    const [staging] = await project.list("cache/staging");
    const again = await project.read(`cache/staging/${staging}/out/scaled.txt`);
    const first = [...before].findIndex((character, i) => character !== again[i]);
    assert.equal(Number(byte), first < 0 ? before.length : first);
    assert.equal(await project.read("cache/scaled.txt"), before);
    assert.match((await project.run("verify", "cache/scaled.txt", "--json")).out, /"verified"/);
  },
});

Deno.test({
  name: "verify refuses a target that is not built, and says how to build it",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const { code, err } = await project.run("verify", "figures/sum.txt");
    assert.equal(code, 2);
    assert.match(err, /Cannot verify figures\/sum\.txt: .*deno task build figures\/sum\.txt/);
  },
});
