import assert from "node:assert/strict";
import { graphSvg } from "../../lib/runner/cli/graph_svg.ts";
import type { Graph } from "../../lib/runner/cli/graph_of.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name: "graph draws targets, files and what is stale, in four formats",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.run("reproduce");
    const set = ["--set", "scale.factor=3"];
    const mermaid = (await project.run("graph", ...set)).out;
    assert.match(mermaid, /^flowchart LR\n/);
    assert.match(mermaid, /n0\(\["number\.txt"\]\):::file\n/);
    assert.match(mermaid, /n1\["cache\/scaled\.txt<br>stale"\]:::stale\n/);
    assert.match(mermaid, /n2\["figures\/sum\.txt<br>may run"\]:::waits\n/);
    assert.match(mermaid, /n0 --> n1\n {2}n1 --> n2\n/);

    const dot = (await project.run("graph", "--format", "dot", ...set)).out;
    assert.match(dot, /^digraph workflow \{\n/);
    assert.match(dot, /"cache\/scaled\.txt" \[label="cache\/scaled\.txt\\nstale", style=filled/);
    assert.match(dot, /"number\.txt" -> "cache\/scaled\.txt";/);

    const json: Graph = JSON.parse((await project.run("graph", "--format", "json")).out);
    assert.deepEqual(json.nodes.map(({ name, state }) => [name, state]), [
      ["number.txt", "file"],
      ["cache/scaled.txt", "fresh"],
      ["figures/sum.txt", "fresh"],
    ]);
    assert.deepEqual(json.edges[1], {
      from: "cache/scaled.txt",
      to: "figures/sum.txt",
      inputs: ["a"],
    });
    const svg = (await project.run("graph", "figures/sum.txt", "--format", "svg", ...set)).out;
    assert.equal(svg.match(/<g>/g)?.length, 3);
    assert.match(svg, /<rect class="stale"/);
    assert.match((await project.run("graph", "--format", "svgg")).err, /did you mean svg/);
  },
});

Deno.test("graphSvg() stands each node right of its needs, and none on another", () => {
  const count = 30;
  const name = (i: number): string => `target <${i}>`;
  const nodes = Array.from({ length: count }, (_, i) => (
    { name: name(i), state: "fresh" as const, description: "" }
  ));
  // Each needs two that stand before it, some of them far away.
  const edges = nodes.flatMap((_, i) =>
    [i - 1 - (i % 3), (i * 7) % count].filter((from) => from >= 0 && from < i)
      .map((from) => ({ from: name(from), to: name(i), inputs: ["a"] }))
  );
  const svg = graphSvg({ nodes, edges });
  const boxes = [...svg.matchAll(
    /x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" rx.*?&#60;(\d+)&#62;<\/text>/g,
  )].map((match) => match.slice(1).map(Number) as [number, number, number, number, number]);
  assert.equal(boxes.length, count);
  const at = new Map(boxes.map(([x, y, width, height, i]) => [name(i), { x, y, width, height }]));
  for (const { from, to } of edges) {
    const [a, b] = [at.get(from)!, at.get(to)!];
    assert.ok(a.x + a.width < b.x, `${to} stands right of ${from}`);
  }
  const all = [...at.values()];
  all.forEach((a, i) =>
    all.slice(i + 1).forEach((b) =>
      assert.ok(
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
          b.y + b.height <= a.y,
        "boxes do not overlap",
      )
    )
  );
});

Deno.test("graphSvg() draws parts that no edge joins below each other, without a gap", () => {
  // The first part fans out: its one root stands in the middle of many leaves.
  const count = 9;
  const fan = (root: string): string[] => Array.from({ length: count }, (_, i) => `${root}${i}`);
  const roots = ["a", "b"];
  const names = roots.flatMap((root) => [root, ...fan(root)]);
  const svg = graphSvg({
    nodes: names.map((name) => ({ name, state: "fresh" as const, description: "" })),
    edges: roots.flatMap((from) => fan(from).map((to) => ({ from, to, inputs: [] }))),
  });
  const tops = new Map(
    [...svg.matchAll(/<title>(\w+)<\/title><rect class="fresh" x="[\d.]+" y="([\d.]+)"/g)]
      .map(([, name = "", y]) => [name, Number(y)]),
  );
  assert.equal(tops.size, names.length);
  const leaves = roots.flatMap(fan).map((name) => tops.get(name)!).sort((p, q) => p - q);
  const steps = leaves.slice(1).map((y, i) => y - leaves[i]!);
  assert.ok(
    Math.max(...steps) - Math.min(...steps) < 1e-6,
    `the leaves are evenly spaced: ${steps}`,
  );
  const below = Math.min(...fan("b").map((name) => tops.get(name)!));
  assert.ok(fan("a").every((name) => tops.get(name)! < below), "the parts do not interlock");
});
