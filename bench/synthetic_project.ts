/**
 * A project of many trivial targets for timing the runner, and the same for Snakemake: layers of
 * equal width, each target reading two of the layer before (the first layer, files) and writing one
 * line.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { copyProgram } from "../tests/runner/project.ts";

const TASK = `import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Joins two files",
  inputs: { a: { kind: "txt" }, b: { kind: "txt" } },
  outputs: { joined: { kind: "txt" } },
  async run({ inputs, outputs }) {
    const a = await Deno.readTextFile(inputs.a!.path);
    const b = await Deno.readTextFile(inputs.b!.path);
    await Deno.writeTextFile(outputs.joined, String((Number(a) * 31 + Number(b)) % 1000003));
  },
});
`;

const SNAKEFILE = (layers: number, width: number): string =>
  `def made(layer, i):
    folder = f"figures/{int(layer) - 1}_" if int(layer) > 1 else "in/"
    return f"{folder}{int(i) % ${width}}.txt"

rule all:
    input: expand("figures/${layers}_{i}.txt", i=range(${width}))

rule join:
    input:
        a=lambda w: made(w.layer, w.i),
        b=lambda w: made(w.layer, int(w.i) + 1),
    output: "figures/{layer}_{i}.txt"
    shell:
        "read a < {input.a} || true; read b < {input.b} || true; "
        "printf %s $(( (a * 31 + b) % 1000003 )) > {output}"
`;

/**
 * Writes the project.
 *
 * @param root An empty folder.
 * @param layers Layers, at least 1.
 * @param width Targets a layer.
 * @param loops Whether workflow.yaml makes each layer by a loop; else all targets are written out.
 */
export async function writeSyntheticProject(
  root: string,
  layers: number,
  width: number,
  loops: boolean,
): Promise<void> {
  await copyProgram(root);
  await put(root, "tasks/join.ts", TASK);
  await put(root, "workflow.yaml", workflow(layers, width, loops));
  await put(root, "Snakefile", SNAKEFILE(layers, width));
  for (let i = 0; i < width; i++) await put(root, `in/${i}.txt`, String(i));
}

function workflow(layers: number, width: number, loops: boolean): string {
  const links = Array.from({ length: width }, (_, i) => [i, (i + 1) % width] as const);
  const target = (layer: number, i: string, j: string): string => {
    const from = layer === 1 ? "in/" : `figures/${layer - 1}_`;
    return `    task: tasks/join.ts\n    inputs: { a: ${from}${i}.txt, b: ${from}${j}.txt }\n`;
  };
  const blocks: string[] = [];
  for (let layer = 1; layer <= layers; layer++) {
    if (loops) {
      blocks.push(`  figures/${layer}_\${link.i}.txt:\n    for: { link: \${links} }\n`);
      blocks.push(target(layer, "${link.i}", "${link.j}"));
    } else {
      for (const [i, j] of links) {
        blocks.push(`  figures/${layer}_${i}.txt:\n`, target(layer, String(i), String(j)));
      }
    }
  }
  const params = loops ? `  links: [${links.map(([i, j]) => `{ i: ${i}, j: ${j} }`)}]\n` : "";
  return `version: 1\nparams:\n  seed: 0\n${params}targets:\n${blocks.join("")}`;
}

async function put(root: string, path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(join(root, path)), { recursive: true });
  await Deno.writeTextFile(join(root, path), text);
}
