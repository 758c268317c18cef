import { assessAll, openWorkspace } from "../assess.ts";
import { planWorkflow } from "../config/plan.ts";
import { select } from "./select.ts";
import type { Command } from "./command.ts";
import { type Graph, type GRAPH_FORMATS, graphOf, label, statusClass } from "./graph_of.ts";
import { reportWarnings, write } from "./output.ts";

/** `graph`: draws what needs what, and what is stale. */
export const graph: Command = async (project, options) => {
  const plan = await planWorkflow(project, options.overrides);
  const workspace = await openWorkspace(plan);
  const states = await assessAll(workspace, select(plan, options.targets));
  await workspace.digests.save();
  reportWarnings(workspace.store);
  write(`${await RENDER[options.format as GraphFormat](graphOf(plan, states))}\n`);
  return 0;
};

type GraphFormat = typeof GRAPH_FORMATS[number];

const RENDER: Readonly<Record<GraphFormat, (graph: Graph) => string | Promise<string>>> = {
  mermaid,
  dot,
  json: (graph) => JSON.stringify(graph, null, 2),
  svg: async (graph) => (await import("./graph_svg.ts")).graphSvg(graph),
};

function mermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ name }, i) => [name, `n${i}`]));
  const escape = (text: string): string =>
    text.replace(/[&"<>#]/g, (character) => `#${character.charCodeAt(0)};`);
  return [
    "flowchart LR",
    ...nodes.map((node) => {
      const text = label(node).map(escape).join("<br>");
      const [open, close] = node.state === "file" ? ["([", "])"] : ["[", "]"];
      return `  ${ids.get(node.name)}${open}"${text}"${close}:::${statusClass(node)}`;
    }),
    ...edges.map(({ from, to }) => `  ${ids.get(from)} --> ${ids.get(to)}`),
    "  classDef fresh fill:#ffffff,stroke:#333333,color:#000000",
    "  classDef file fill:#f2f2f2,stroke:#777777,color:#000000",
    "  classDef stale fill:#fbe3d6,stroke:#b34700,color:#000000,stroke-width:2px",
    "  classDef waits fill:#fff7d6,stroke:#8a6d00,color:#000000,stroke-dasharray:4 3",
  ].join("\n");
}

function dot({ nodes, edges }: Graph): string {
  const quote = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;
  const styles = {
    fresh: "",
    file: ", shape=ellipse",
    stale: ', style=filled, fillcolor="#fbe3d6", penwidth=2',
    waits: ', style="filled,dashed", fillcolor="#fff7d6"',
  };
  return [
    "digraph workflow {",
    '  rankdir=LR; node [shape=box, fontname="sans-serif"];',
    ...nodes.map((node) => {
      const text = label(node).map((line) => quote(line).slice(1, -1)).join("\\n");
      return `  ${quote(node.name)} [label="${text}"${styles[statusClass(node)]}];`;
    }),
    ...edges.map(({ from, to }) => `  ${quote(from)} -> ${quote(to)};`),
    "}",
  ].join("\n");
}
