import { assessAll, type Assessment, openWorkspace } from "../assess.ts";
import type { TargetName } from "../names.ts";
import { type Plan, planWorkflow } from "../config/plan.ts";
import { select } from "./select.ts";
import type { Command } from "./commands.ts";
import type { GraphFormat } from "./options.ts";
import { write } from "./output.ts";

/** What needs what. */
export interface Graph {
  /** In dependency order. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** A target, or a person's own file. */
export interface GraphNode {
  readonly name: string;
  readonly state: Assessment["state"] | "file";
  readonly description: string;
}

/** `to` reads what `from` makes. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The task's names of the inputs. */
  readonly inputs: readonly string[];
}

/** `graph`: draws what needs what, and what is stale. */
export const graph: Command = async (root, options) => {
  const plan = await planWorkflow(root, options.overrides);
  const workspace = await openWorkspace(plan);
  const states = await assessAll(workspace, select(plan, options.targets));
  await workspace.digests.save();
  write(`${await RENDER[options.format](graphOf(plan, states))}\n`);
  return 0;
};

const RENDER: Readonly<Record<GraphFormat, (graph: Graph) => string | Promise<string>>> = {
  mermaid,
  dot,
  json: (graph) => JSON.stringify(graph, null, 2),
  svg: async (graph) => (await import("./graph_svg.ts")).graphSvg(graph),
};

/** The graph of targets in the given states. */
export function graphOf(
  plan: Plan,
  states: ReadonlyMap<TargetName, Assessment>,
): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  for (const [name, { state }] of states) {
    const target = plan.targets.get(name);
    for (const [input, { path, producer }] of target?.inputs ?? []) {
      const from = producer ?? path;
      if (producer === undefined) nodes.set(path, { name: path, state: "file", description: "" });
      const id = JSON.stringify([from, name]);
      const inputs = [...edges.get(id)?.inputs ?? [], input];
      edges.set(id, { from, to: name, inputs });
    }
    nodes.set(name, { name, state, description: target?.description ?? "" });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Whether a node needs a run, may need one, or neither. */
export function mark({ state }: GraphNode): "stale" | "waits" | "fresh" | "file" {
  if (state === "file") return "file";
  if (state === "fresh" || state === "in cache") return "fresh";
  return state === "may run" ? "waits" : "stale";
}

/** A node's text: its name, and its state unless that is fresh. */
export function label(node: GraphNode): readonly string[] {
  return node.state === "fresh" || node.state === "file" ? [node.name] : [node.name, node.state];
}

function mermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ name }, i) => [name, `n${i}`]));
  const escape = (text: string): string =>
    text.replace(/[&"<>#]/g, (character) => `#${character.charCodeAt(0)};`);
  return [
    "flowchart LR",
    ...nodes.map((node) => {
      const text = label(node).map(escape).join("<br>");
      const [open, close] = node.state === "file" ? ["([", "])"] : ["[", "]"];
      return `  ${ids.get(node.name)}${open}"${text}"${close}:::${mark(node)}`;
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
      return `  ${quote(node.name)} [label="${text}"${styles[mark(node)]}];`;
    }),
    ...edges.map(({ from, to }) => `  ${quote(from)} -> ${quote(to)};`),
    "}",
  ].join("\n");
}
