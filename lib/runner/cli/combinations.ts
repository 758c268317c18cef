import { join } from "@std/path";
import { InputError } from "../../base/errors.ts";
import { define } from "../config/definition.ts";
import { parseWorkflowDocument, valueOf } from "../config/document.ts";
import type { MapNode } from "../config/document.ts";
import { WorkflowError } from "../config/location.ts";
import { leaves, lookup, type Override, override } from "../config/params.ts";
import { canonicalJson } from "../key.ts";
import type { Json } from "../names.ts";

/** A param with the values that a sweep gives it. */
export interface Varied {
  readonly name: string;
  /** As written. */
  readonly values: readonly string[];
}

/** More runs are taken for a mistake. */
const MAX_COMBINATIONS = 1000;

/** The params of a project's workflow.yaml. */
export async function readParams(root: string): Promise<MapNode> {
  const file = "workflow.yaml";
  return define(parseWorkflowDocument(await Deno.readFile(join(root, file)), file)).params;
}

/** The values of all params by dotted name, some of them set otherwise. */
export function valuesOf(
  params: MapNode,
  overrides: readonly Override[],
): Readonly<Record<string, Json>> {
  const { params: set } = override(params, overrides);
  const entries = leaves(set).map((name) => {
    const node = lookup(set, name.split("."));
    return [name, node === undefined ? null : valueOf(node)] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Reads what a sweep varies, and checks each name and value.
 *
 * @param texts Each `NAME=VALUE,…`; values are YAML, and commas within brackets or quotes are theirs.
 * @param params Those of workflow.yaml.
 * @param fixed What is set for all runs.
 * @throws {InputError} When there is nothing to vary, a name is unknown, or a value is wrong.
 */
export function readVaried(
  texts: readonly string[],
  params: MapNode,
  fixed: readonly Override[],
): readonly Varied[] {
  if (texts.length === 0) {
    throw new InputError("sweep needs what to vary, such as: -S a.b=1,2 (see --help)");
  }
  const taken = new Set(fixed.map(({ name }) => name));
  const varied = texts.map((text): Varied => {
    const equals = text.indexOf("=");
    if (equals < 1) throw new InputError(`Cannot understand -S ${text}: write -S NAME=VALUE,VALUE`);
    const name = text.slice(0, equals);
    if (taken.has(name)) throw new InputError(`Cannot vary ${name}: it is given twice`);
    taken.add(name);
    const values = split(text.slice(equals + 1)).map((value) => unquoted(params, name, value));
    if (values.includes("")) {
      const what = values.length === 1 ? "it has no values" : "a value is empty";
      throw new InputError(`Cannot vary ${name}: ${what}; write -S ${name}=VALUE,VALUE`);
    }
    check(name, values, params);
    return { name, values };
  });
  const count = varied.reduce((product, { values }) => product * values.length, 1);
  if (count <= MAX_COMBINATIONS) return varied;
  throw new InputError(
    `Cannot sweep ${count} combinations: up to ${MAX_COMBINATIONS} are run; give fewer values`,
  );
}

/** Every combination of the values, those of the last param changing fastest. */
export function combinationsOf(varied: readonly Varied[]): readonly (readonly Override[])[] {
  return varied.reduce<readonly (readonly Override[])[]>(
    (all, { name, values }) =>
      all.flatMap((before) => values.map((text) => [...before, { name, text }])),
    [[]],
  );
}

/** Refuses names and values that workflow.yaml does not know, and a value that is given twice. */
function check(name: string, values: readonly string[], params: MapNode): void {
  const seen = new Map<string, string>();
  for (const text of values) {
    const value = canonicalJson(valueSet(params, { name, text }));
    const first = seen.get(value);
    if (first !== undefined) {
      const what = first === text ? `${text} twice` : `${first} and ${text}, which are equal`;
      throw new InputError(`Cannot vary ${name}: it is given ${what}`);
    }
    seen.set(value, text);
  }
}

/** The value that a param has when it is set. */
function valueSet(params: MapNode, set: Override): Json {
  const place = { file: `-S ${set.name}` };
  try {
    const { params: after, problems } = override(params, [set]);
    if (problems.length > 0) throw new WorkflowError(problems);
    const node = lookup(after, set.name.split("."));
    return node === undefined ? null : valueOf(node);
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    throw new WorkflowError(error.problems.map((problem) => ({ ...problem, place })));
  }
}

/** A value of a text as written, without the quotes that kept its commas together. */
function unquoted(params: MapNode, name: string, text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/.exec(text) ?? [];
  const isText = inner !== undefined && valueSet(params, { name, text }) === text;
  return isText ? inner : text;
}

/** Parts between commas; a part that begins with a bracket or a quote goes on to where that closes. */
function split(text: string): string[] {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (const letter of text) {
    const isInside = depth > 0 || quote !== "";
    if (!isInside && letter === ",") {
      parts.push("");
      continue;
    }
    const mayOpen = depth > 0 || parts.at(-1)?.trim() === "";
    if (quote !== "") quote = letter === quote ? "" : quote;
    else if (mayOpen && (letter === '"' || letter === "'")) quote = letter;
    else if (mayOpen && "[{".includes(letter)) depth++;
    else if (depth > 0 && "]}".includes(letter)) depth--;
    parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}
