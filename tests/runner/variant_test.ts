import assert from "node:assert/strict";
import type { Override } from "../../lib/runner/config/params.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import { planVariant } from "../../lib/runner/config/variant.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

Deno.test({
  name: "planVariant() renames the targets that differ and those that need them, and no others",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using made = await Project.create();
    const scale = await made.read("tasks/scale.ts");
    await made.write("tasks/scale.ts", scale.replace("inputs: {", "seeded: true,\n  inputs: {"));
    const base = await planWorkflow({ root: made.root, results: "figures" }, []);
    const names = async (...set: Override[]): Promise<string[]> => {
      const rename = (name: string): string => name.replace(/(\.\w+)$/, "_b$1");
      const plan = await planVariant(base, [], { name: "b", set, rename });
      return [...plan.targets.values()].map(({ name, inputs, outputs }) => {
        const from = [...inputs.values()].map(({ path, producer }) => producer ?? path);
        assert.deepEqual([...outputs.values()], [name]);
        return `${from} > ${name}`;
      });
    };
    const [scaled, sum] = ["number.txt > cache/scaled.txt", "cache/scaled.txt > figures/sum.txt"];
    assert.deepEqual(await names(), [scaled, sum]);
    assert.deepEqual(await names({ name: "scale.factor", text: "2" }), [scaled, sum]);
    assert.deepEqual(await names({ name: "scale.offset", text: "1" }), [
      scaled,
      "cache/scaled.txt > figures/sum_b.txt",
    ]);
    const all = ["number.txt > cache/scaled_b.txt", "cache/scaled_b.txt > figures/sum_b.txt"];
    assert.deepEqual(await names({ name: "scale.factor", text: "3" }), all);
    // The seed is in the key of a task that draws, and so of what it makes.
    assert.deepEqual(await names({ name: "seed", text: "1" }), all);
    const place = { file: "tables" };
    await assert.rejects(
      names({ name: "scale.factr", node: { kind: "scalar", place, value: 1 } }),
      /^InputError: tables: there is no scale\.factr under params; did you mean scale\.factor\?$/,
    );
    const taken = {
      name: "b",
      set: [{ name: "scale.offset", text: "1" }],
      rename: () => "cache/scaled.txt",
    };
    await assert.rejects(
      planVariant(base, [], taken),
      /b cannot have this name: cache\/scaled\.txt is made/,
    );
  },
});
