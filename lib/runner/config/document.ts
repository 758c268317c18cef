import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Node as YamlNode } from "yaml";
import type { Json } from "../names.ts";
import { formatPlace, type Place, type Problem, WorkflowError } from "./location.ts";

/** A value of a YAML file with its place. */
export type Node = ScalarNode | ListNode | MapNode;

/** A scalar with its place. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly place: Place;
  readonly value: null | boolean | number | string;
}

/** A list with its place. */
export interface ListNode {
  readonly kind: "list";
  readonly place: Place;
  readonly items: readonly Node[];
}

/** A map with its place and those of its keys. */
export interface MapNode {
  readonly kind: "map";
  readonly place: Place;
  readonly entries: ReadonlyMap<string, { readonly key: Place; readonly node: Node }>;
}

/** Larger files are refused: a workflow is written by people. */
const MAX_BYTES = 1 << 20;
const MAX_DEPTH = 50;

/** `${a.b}` may stand unquoted inside `{ }` and `[ ]`, where YAML would end the scalar at `{`. */
const REFERENCE = /\$\{([^{}\n]*)\}/g;
const [OPEN, CLOSE] = ["\uE000", "\uE001"];

/**
 * Parses YAML into values with places. Plain data only: anchors, aliases and tags are refused.
 *
 * @param bytes The file's content, UTF-8.
 * @param file The file's name for places.
 * @throws {WorkflowError} All syntax errors at once: bad UTF-8, tabs, duplicate keys, …
 */
export function parseWorkflowDocument(bytes: Uint8Array, file: string): Node {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fail = (place: Place, message: string): never => {
    throw new WorkflowError([{ place, message }]);
  };
  if (bytes.length > MAX_BYTES) {
    fail(
      { file, line: 1, column: 1 },
      `the file has ${bytes.length} bytes; at most ${MAX_BYTES} are read`,
    );
  }
  const hidden = `$$${OPEN}$1${CLOSE}`;
  // Twice: one reference may stand in another.
  const text = decode(bytes, file).replace(REFERENCE, hidden).replace(REFERENCE, hidden);
  // Names written twice are found below: the parser compares each with each.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(text, options);
  const problems: Problem[] = [];
  for (const { pos, message, code } of document.errors) {
    const hint = code === "TAB_AS_INDENT" ? "; indent with spaces" : "";
    // The parser is recursive: what is nested by the thousand exhausts its stack.
    const fault = /call stack/.test(message)
      ? "it is nested too deeply"
      : `not valid YAML: ${message}${hint}`;
    problems.push({ place: at(pos[0]), message: fault });
  }
  if (problems.length > 0) throw new WorkflowError(problems);
  const restore = (value: string): string => value.replaceAll(OPEN, "{").replaceAll(CLOSE, "}");

  function convert(node: unknown, fallback: Place, depth: number): Node {
    const place = (node as YamlNode | null)?.range ? at((node as YamlNode).range![0]) : fallback;
    if (depth > MAX_DEPTH) {
      problems.push({ place, message: `it is nested more than ${MAX_DEPTH} deep` });
      return { kind: "scalar", place, value: null };
    }
    if (isAlias(node) || (node as YamlNode & { anchor?: string } | null)?.anchor !== undefined) {
      problems.push({ place, message: "anchors and aliases are not used here; write it out" });
      return { kind: "scalar", place, value: null };
    }
    const tag = (node as YamlNode & { tag?: string } | null)?.tag
      ?.replace("tag:yaml.org,2002:", "!!");
    if (tag !== undefined) {
      problems.push({ place, message: `the tag ${tag} is not used here; write the plain value` });
      return { kind: "scalar", place, value: null };
    }
    if (isMap(node)) {
      const entries = new Map<string, { key: Place; node: Node }>();
      for (const { key, value } of node.items) {
        const keyPlace = (key as YamlNode | null)?.range ? at((key as YamlNode).range![0]) : place;
        if (!isScalar(key)) {
          problems.push({ place: keyPlace, message: "a key must be a plain name" });
          continue;
        }
        // As written: 007 is not 7, and `1` is the same name as `"1"`.
        const name = restore(typeof key.value === "string" ? key.value : key.source ?? "");
        const twin = entries.get(name);
        if (twin !== undefined) {
          const message = `${name} is written twice; first at ${formatPlace(twin.key)}`;
          problems.push({ place: keyPlace, message });
        }
        entries.set(name, {
          key: keyPlace,
          node: convert(value, keyPlace, depth + 1),
        });
      }
      return { kind: "map", place, entries };
    }
    if (isSeq(node)) {
      return {
        kind: "list",
        place,
        items: node.items.map((item) => convert(item, place, depth + 1)),
      };
    }
    const value = isScalar(node) ? node.value : null;
    if (typeof value === "number" && !Number.isFinite(value)) {
      problems.push({ place, message: "a number must be finite" });
    }
    if (isScalar(node) && typeof value === "number" && isInexact(value, node.source)) {
      const message = `${node.source} cannot be held exactly; write it in quotes, as text`;
      problems.push({ place, message });
    }
    if (typeof value === "string") return { kind: "scalar", place, value: restore(value) };
    if (value === null || typeof value === "boolean" || typeof value === "number") {
      return { kind: "scalar", place, value };
    }
    if (value !== undefined) {
      problems.push({ place, message: `a value of this type (${typeof value}) is not used here` });
    }
    return { kind: "scalar", place, value: null };
  }

  const root = convert(document.contents, { file, line: 1, column: 1 }, 0);
  if (problems.length > 0) throw new WorkflowError(problems);
  return root;
}

/** A number with a point or an exponent. */
const DECIMAL = /^[-+]?(?=.*[.e])[\d.]+(e[-+]?\d+)?$/i;

/** Whether a whole number is too large to be held and is not the one that was written. */
function isInexact(value: number, source = ""): boolean {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return false;
  return !DECIMAL.test(source) || digitsOf(source) !== digitsOf(String(value));
}

/** The significant digits of a decimal number. */
function digitsOf(text: string): string {
  return text.replace(/e.*$/i, "").replace(/[-+.]/g, "").replace(/^0+|0+$/g, "");
}

/** The plain value of a node. */
export function valueOf(node: Node): Json {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(valueOf);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, valueOf(entry.node)]));
}

/** What stands at a path below a node, if anything does. */
export function nodeAt(node: Node, path: readonly PropertyKey[]): Node | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return node;
  const next = node.kind === "map"
    ? node.entries.get(String(head))?.node
    : node.kind === "list"
    ? node.items[Number(head)]
    : undefined;
  return next && nodeAt(next, rest);
}

/** The place of what stands at a path below a node; where the path ends early, of what is there. */
export function placeAt(node: Node, path: readonly PropertyKey[]): Place {
  return (nodeAt(node, path) ?? { place: placeAt(node, path.slice(0, -1)) }).place;
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const good = new TextDecoder().decode(bytes).split("\uFFFD")[0] ?? "";
    const line = good.split("\n").length;
    const place = { file, line, column: good.length - good.lastIndexOf("\n") };
    throw new WorkflowError([{ place, message: "not UTF-8 text; save the file as UTF-8" }]);
  }
}
