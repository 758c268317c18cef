import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name: "reproduce --locked passes on the locked bytes, and says what differs and why it may",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    assert.match((await project.run("lock")).err, /Cannot lock cache\/scaled\.txt.*build/);
    await project.run("reproduce");
    assert.match((await project.run("reproduce", "--locked")).err, /there is none.*deno task lock/);
    assert.equal((await project.run("lock")).code, 0);
    const same = await project.run("reproduce", "--locked");
    assert.equal(same.code, 0, same.out);
    assert.match(same.out, /The bytes of all 2 targets are those of workflow\.lock\.json/);

    // Another module and the same bytes: nothing differs.
    await project.write("lib/round.ts", "export const round = (x: number) => Math.round(x);\n");
    assert.equal((await project.run("reproduce", "--locked")).code, 0);

    await project.edit("workflow.yaml", "offset: 0", "offset: 1");
    const other = await project.run("reproduce", "--locked");
    assert.equal(other.code, 3);
    assert.match(
      other.out,
      /differs {3}figures\/sum\.txt: it is made of other params\n +figures\/sum\.txt/,
    );
    assert.doesNotMatch(other.out, /differs {3}cache/);
    assert.match(
      (await project.run("reproduce", "--locked", "--set", "seed=1")).err,
      /--locked cannot be combined with --set/,
    );
  },
});

Deno.test({
  name: "reproduce --locked tells other bytes of the same key from those of another platform",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    await project.run("lock");
    const lock = JSON.parse(await project.read("workflow.lock.json"));
    lock.targets["figures/sum.txt"].outputs["figures/sum.txt"] = "0".repeat(64);
    await project.write("workflow.lock.json", JSON.stringify(lock));
    const here = await project.run("reproduce", "--locked");
    assert.equal(here.code, 3);
    assert.match(here.out, /sum\.txt: of the same code, params and inputs; it may be a task that/);
    lock.made.platform = "plan9 mips";
    await project.write("workflow.lock.json", JSON.stringify(lock));
    assert.match(
      (await project.run("reproduce", "--locked")).out,
      /the lock is of plan9 mips, this/,
    );
    await project.write("workflow.lock.json", "{");
    assert.match(
      (await project.run("reproduce", "--locked")).err,
      /it is not a lock file of version 1/,
    );
  },
});
