import assert from "node:assert/strict";
import { TaskFailure } from "../../lib/runner/executor/executor.ts";
import { GpuSlots } from "../../lib/runner/executor/gpus.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

Deno.test("GpuSlots gives no GPU to two at once, and serves in order", async () => {
  const slots = new GpuSlots(["0", "1"]);
  const held = new Set<string>();
  const order: number[] = [];
  const work = (i: number, count: number): Promise<void> =>
    slots.hold(count, async (ids) => {
      order.push(i);
      assert.equal(ids.length, count);
      for (const id of ids) assert.ok(!held.has(id), id);
      ids.forEach((id) => held.add(id));
      await new Promise((done) => setTimeout(done, 1));
      ids.forEach((id) => held.delete(id));
    });
  await Promise.all([1, 2, 1, 0, 1, 2].map((count, i) => work(i, count)));
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
  const message = "needs 3 GPUs, and this machine has 2: run it where there are more, or lower " +
    "resources.gpu";
  await assert.rejects(work(6, 3), new TaskFailure(message, true));
});

Deno.test({
  name: "resources.gpu gives a task GPUs of its own, and says where there are too few",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    const resources = "task: tasks/scale.ts\n    resources: { gpu: 1 }";
    await project.edit("workflow.yaml", "task: tasks/scale.ts", resources);
    const told = 'Deno.env.get("CUDA_VISIBLE_DEVICES")';
    await project.edit("tasks/scale.ts", "round(number * params.factor)", told);
    const run = async (devices: string): Promise<string> => {
      const env = { CUDA_VISIBLE_DEVICES: devices };
      const { stdout } = await project.command(["build", "cache/scaled.txt"], env).output();
      return new TextDecoder().decode(stdout);
    };
    assert.match(await run(""), /needs 1 GPU, and this machine has 0: run it where there are more/);
    await run("3,5");
    assert.equal(await project.read("cache/scaled.txt"), "3");
  },
});
