import assert from "node:assert/strict";
import { join } from "@std/path";
import { WorkflowError } from "../../lib/runner/config/location.ts";
import { planWorkflow } from "../../lib/runner/config/plan.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";
import { mutate } from "./mutate.ts";
import { Project, WORKFLOW } from "./project.ts";
import { repetitions } from "./soak.ts";

const ignore = !allowed("read", "write", "run", "env");

/** A file that uses every feature, to be spoilt. */
const RICH = WORKFLOW.replace("factor: 2, offset: 0", "factor: 2, offset: 0, list: [1, 2, 3]") +
  `  figures/scaled_{factor}_{set.name}.txt:
    description: Scaled by {factor}
    task: tasks/scale.ts
    for: { factor: \${scale.list}, set: [{ name: one }, { name: two }] }
    inputs:
      number: figures/sum.txt
    params:
      factor: \${factor}
    resources: { cpus: 2, memory: 1GiB, gpu: 0, time: 10m }
    env: [SCALE_UNIT]
  pair:
    task: tasks/sum.ts
    inputs: { a: figures/scaled_1_one.txt }
    params: { offset: 1.5e0 }
    outputs: { sum: figures/pair.txt }
`;

Deno.test({
  name: "a mutated workflow.yaml gives a plan, or errors that each have a place in it",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const path = join(project.root, "workflow.yaml");
    const original = new TextEncoder().encode(RICH);
    await Deno.writeFile(path, original);
    assert.equal((await planWorkflow(project.root, [])).targets.size, 9);
    let refused = 0;
    const count = repetitions(400, 10_000);
    for (let i = 0; i < count; i++) {
      const bytes = mutate(original, stream(0, "mutate", i));
      await Deno.writeFile(path, bytes);
      const lines = new TextDecoder().decode(bytes).split("\n").length;
      try {
        await planWorkflow(project.root, []);
      } catch (error) {
        refused++;
        assert.ok(error instanceof WorkflowError, `mutation ${i}: ${(error as Error).stack}`);
        assert.ok(error.problems.length > 0);
        for (const { place, message } of error.problems) {
          assert.equal(place.file, "workflow.yaml", `mutation ${i}: ${message}`);
          const { line = 0 } = place;
          assert.ok(line >= 1 && line <= lines, `mutation ${i}: line ${line}: ${message}`);
        }
        assert.doesNotMatch(
          error.message,
          /undefined|\[object|\n\s+at |Cannot read prop/,
          `${i}: ${error.message}`,
        );
      }
    }
    assert.ok(refused > count / 2, `only ${refused} were refused`);
  },
});

/** Files that are hard on a reader, and what is said of them. */
const HARD: readonly (readonly [name: string, text: string, says: RegExp])[] = [
  ["10 MB", "version: 1\n".padEnd(10 << 20, "# long\n"), /workflow\.yaml:1:1: the file has 10\d+/],
  ["deep lists", `version: 1\nparams: ${"[".repeat(100_000)}`, /workflow\.yaml:2:\d+: .*nested/],
  ["deep maps", `version: 1\nparams: ${"{a: ".repeat(50_000)}`, /workflow\.yaml:2:\d+: .*nested/],
  [
    "deep blocks",
    `version: 1\nparams:\n${
      Array.from({ length: 900 }, (_, i) => " ".repeat(i + 1) + "a:\n").join("")
    }`,
    /workflow\.yaml:\d+:\d+: .*nested/,
  ],
  [
    "an alias bomb",
    `a: &a [x, x]\n${
      Array.from({ length: 40 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : "a"}, *a]`).join(
        "\n",
      )
    }`,
    /workflow\.yaml:1:\d+: anchors and aliases are not used here/,
  ],
  [
    "a loop of 10^12 targets",
    WORKFLOW + `  figures/{a}.txt:
    task: tasks/sum.ts
    for: { ${[..."abcdef"].map((v) => `${v}: [${Array(100).fill("1").join(", ")}]`).join(", ")} }
`,
    /workflow\.yaml:\d+:\d+: for: .*targets; at most \d+/,
  ],
  [
    "loops of 10^5 targets together",
    WORKFLOW + Array.from({ length: 3 }, (_, i) =>
      `  figures/${i}_{a}_{b}.txt:
    task: tasks/sum.ts
    for: { ${["a", "b"].map((v) => `${v}: [${Array.from({ length: 250 }, (_, k) => k)}]`)} }
    inputs: { a: number.txt }
    params: { offset: 1 }
`).join(""),
    /workflow\.yaml:\d+:\d+: for: .*targets; at most 100000/,
  ],
  [
    "a name of 900 kB",
    `? ${"x".repeat(900_000)}\n: 1\n${WORKFLOW}`,
    /workflow\.yaml:1:3: unknown field x{400}/,
  ],
];

Deno.test({
  name: "a workflow.yaml made to exhaust its reader is refused with a place",
  ignore,
  fn: async (t) => {
    await using project = await Project.create();
    for (const [name, text, says] of HARD) {
      await t.step(name, async () => {
        await project.write("workflow.yaml", text);
        const { code, err } = await project.run("status");
        assert.equal(code, 2, err.slice(0, 2000));
        assert.match(err.split("\n")[0]!.slice(0, 500), says);
        assert.doesNotMatch(err, /\n\s+at /);
        assert.ok(err.length < 100_000, `${err.length} letters`);
      });
    }
  },
});
