import type { Assessment } from "../assess.ts";
import type { Plan } from "../config/planned.ts";
import type { TargetName } from "../names.ts";

/** Forms of a graph. */
export const GRAPH_FORMATS = ["mermaid", "dot", "json", "svg"] as const;

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
export function statusClass({ state }: GraphNode): "stale" | "waits" | "fresh" | "file" {
  if (state === "file") return "file";
  if (state === "fresh" || state === "in cache") return "fresh";
  return state === "may run" ? "waits" : "stale";
}

/** A node's text: its name, and its state unless that is fresh. */
export function label(node: GraphNode): readonly string[] {
  return node.state === "fresh" || node.state === "file" ? [node.name] : [node.name, node.state];
}
