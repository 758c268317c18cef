import { type MapNode, type Node, parseWorkflowDocument, type ScalarNode } from "./document.ts";
import { nearest } from "../../base/nearest.ts";
import type { Place, Problem } from "./location.ts";

/** A `--set NAME=VALUE` of the command line, or a value of such a name from elsewhere. */
export type Override =
  & { readonly name: string }
  & (
    /** The value as written. */
    | { readonly text: string; readonly node?: never }
    /** The value, with its place. */
    | { readonly node: Node; readonly text?: never }
  );

/** Names in scope and their values: the params of workflow.yaml, or the variables of a loop. */
export type Scope = (path: readonly string[]) => Node | undefined;

/**
 * Applies `--set` to params.
 *
 * @param params The section `params` of workflow.yaml.
 * @param overrides In the order given; a later one of the same name wins.
 * @returns The params with the overrides in place, and a problem for each unknown name.
 */
export function override(
  params: MapNode,
  overrides: readonly Override[],
): { readonly params: MapNode; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let result = params;
  for (const { name, text, node } of overrides) {
    const place: Place = node?.place ?? { file: `--set ${name}` };
    const found = lookup(result, name.split("."));
    if (found === undefined) {
      const what = node === undefined ? "no such name" : `there is no ${name}`;
      const message = `${what} under params${nearest(name, leaves(params))}`;
      problems.push({ place, message });
    } else if (found.kind === "map") {
      const inside = leaves(found).map((leaf) => `${name}.${leaf}`).join(", ");
      const what = node === undefined ? "this" : name;
      problems.push({ place, message: `${what} is a section; set one of ${inside}` });
    } else {
      const value = direct(node ?? overriding(name, text, found, place), result);
      result = replace(result, name.split("."), value);
    }
  }
  return { params: result, problems };
}

/** A value that refers to a plain param as that param's: what refers to the name that is set may do so. */
function direct(value: Node, params: MapNode): Node {
  const name = value.kind === "scalar" ? WHOLE.exec(String(value.value))?.[1] : undefined;
  const found = name === undefined ? undefined : lookup(params, name.split("."));
  return found?.kind === "scalar" ? { ...found, place: value.place } : value;
}

/** Names of params that hold a path, or null where there is none. */
const PATH = /(^|[._])(path|file|folder)$/;

/** Stands for a value of any type that the task chooses itself. */
const AUTO = "auto";

/** A value of the command line: text where a text or a path stands, else what it is as YAML. */
function overriding(name: string, text: string, present: Node, place: Place): Node {
  const value = present.kind === "scalar" ? present.value : undefined;
  const isText = (typeof value === "string" && value !== AUTO) ||
    (PATH.test(name) && text !== "null");
  if (isText && !text.includes("${")) return { kind: "scalar", place, value: text };
  return relocate(parseWorkflowDocument(new TextEncoder().encode(text), `--set ${name}`), place);
}

/** What stands at a dotted path below a map. */
export function lookup(node: Node | undefined, path: readonly string[]): Node | undefined {
  const [head, ...rest] = path;
  if (head === undefined || node === undefined) return node;
  return node.kind === "map" ? lookup(node.entries.get(head)?.node, rest) : undefined;
}

/** The dotted names of all values below a map. */
export function leaves(node: MapNode): string[] {
  return [...node.entries].flatMap(([key, { node: child }]) =>
    child.kind === "map" ? leaves(child).map((leaf) => `${key}.${leaf}`) : [key]
  );
}

const WHOLE = /^\$\{([^{}]*)\}$/;
const PART = /\$\{([^{}]*)\}/g;
/** A reference at the end of a reference: its value is the last part of the other's name. */
const INNER = /(\$\{[^{}]*\.)\$\{([^{}]*)\}(?=\})/;

/**
 * Replaces references in a value: a text that is one `${a.b}` becomes what that names, of whatever
 * type; within a longer text a scalar is written out, and so it is within a reference's name: in
 * `${a.${b}}` the value of b says which entry of a is meant. What is named may itself refer to a plain
 * value, and no further, so that a short file cannot grow without bounds.
 *
 * @param node A value as written.
 * @param scope What names mean; the first that knows a name wins.
 * @param names All names, to offer the nearest.
 * @param problems Receives a problem for each name that is not defined, or refers too far.
 * @param within The name whose value this is, when it is one that was referred to.
 * @returns The value without references; each node keeps the place where it was written down.
 */
export function substitute(
  node: Node,
  scope: Scope,
  names: () => readonly string[],
  problems: Problem[],
  within?: string,
): Node {
  const inner = (n: Node): Node => substitute(n, scope, names, problems, within);
  if (node.kind === "list") return { ...node, items: node.items.map(inner) };
  if (node.kind === "map") {
    const entries = [...node.entries].map(([key, entry]) =>
      [key, { ...entry, node: inner(entry.node) }] as const
    );
    return { ...node, entries: new Map(entries) };
  }
  if (typeof node.value !== "string") return node;
  const resolve = (name: string): Node | undefined => {
    const found = scope(name.split("."));
    if (found !== undefined) {
      if (within === undefined) return substitute(found, scope, names, problems, name);
      if (found.kind === "scalar" && !String(found.value).includes("${")) return found;
      const message = `\${${name}} refers to another value or holds several; ${within} may only ` +
        "refer to a number or a text";
      problems.push({ place: node.place, message });
      return undefined;
    }
    const message = `\${${name}} is not defined${nearest(name, names())}`;
    problems.push({ place: node.place, message });
    return undefined;
  };
  const written = (text: string, name: string): string => {
    const found = resolve(name);
    if (found === undefined) return text;
    if (found.kind === "scalar") return String(found.value);
    problems.push({
      place: node.place,
      message: `\${${name}} holds several values and cannot stand inside a text`,
    });
    return text;
  };
  let text = node.value;
  for (let inner = INNER.exec(text); inner !== null; inner = INNER.exec(text)) {
    const [found, open = "", name = ""] = inner;
    const value = resolve(name);
    if (value === undefined) return { ...node, value: null };
    const entry = value.kind === "scalar" ? String(value.value) : "";
    const section = open.slice(2).replace(/\.$/, "");
    const siblings = names().filter((known) => known.startsWith(`${section}.`))
      .map((known) => known.slice(section.length + 1));
    if (!/^[\w-]+$/.test(entry) || scope([...section.split("."), entry]) === undefined) {
      const message = `there is no ${section}.${entry}${nearest(entry, siblings)}`;
      problems.push({ place: value.place, message });
      return { ...node, value: null };
    }
    text = text.replace(found, () => `${open}${entry}`);
  }
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return resolve(whole) ?? { ...node, value: null };
  const value = text.replace(PART, written);
  return { ...node, value } satisfies ScalarNode;
}

function replace(node: MapNode, path: readonly string[], value: Node): MapNode {
  const [head, ...rest] = path;
  const entry = head === undefined ? undefined : node.entries.get(head);
  if (head === undefined || entry === undefined) return node;
  const next = rest.length > 0 && entry.node.kind === "map"
    ? replace(entry.node, rest, value)
    : value;
  return { ...node, entries: new Map(node.entries).set(head, { ...entry, node: next }) };
}

function relocate(node: Node, place: Place): Node {
  if (node.kind === "list") {
    return { ...node, place, items: node.items.map((n) => relocate(n, place)) };
  }
  if (node.kind === "map") {
    const entries = [...node.entries].map(([key, entry]) =>
      [key, { key: place, node: relocate(entry.node, place) }] as const
    );
    return { ...node, place, entries: new Map(entries) };
  }
  return { ...node, place };
}
