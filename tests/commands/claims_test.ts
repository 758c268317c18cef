import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "../runner/project.ts";

const CLAIM = { figure: "fig_a", statement: "it holds", measured: "1 of 1", holds: true };

Deno.test({
  name: "claims --json prints JSON alone, whether or not something is built",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.edit("tasks/scale.ts", "String(round(number * params.factor))", "params.text");
    await project.edit("tasks/scale.ts", "factor: z.number()", "text: z.string()");
    await project.edit("tasks/scale.ts", "const number =", "void");
    await project.edit("tasks/scale.ts", 'import { round } from "../lib/round.ts";\n', "");
    await project.write(
      "workflow.yaml",
      `version: 1
params: { seed: 0 }
targets:
  cache/claims_a.json:
    task: tasks/scale.ts
    inputs: { number: number.txt }
    params: { text: ${JSON.stringify(JSON.stringify([CLAIM]))} }
    outputs: { scaled: cache/claims_a.json }
`,
    );
    await project.edit(
      "tasks/scale.ts",
      '{ scaled: { kind: "txt" } }',
      '{ scaled: { kind: "json" } }',
    );
    const [state] = JSON.parse((await project.run("claims", "--dry-run", "--json")).out);
    assert.equal(state.state, "never built");
    for (let run = 0; run < 2; run++) {
      const { code, out, err } = await project.run("claims", "--json");
      assert.equal(code, 0, err);
      assert.deepEqual(JSON.parse(out), [{ target: "cache/claims_a.json", claims: [CLAIM] }]);
      assert.match(err, run === 0 ? /1 built/ : /fresh; no task ran/);
    }
    assert.match(
      (await project.run("claims")).out,
      /holds {2}it holds\n[^]*1 of 1 statements hold\.\n$/,
    );
  },
});
