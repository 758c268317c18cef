import { nearest } from "../base/nearest.ts";
import { type MapNode, type Node, valueOf } from "../runner/config/document.ts";
import { formatPlace, type Place, type Problem, WorkflowError } from "../runner/config/location.ts";
import { lookup, type Override } from "../runner/config/params.ts";
import type { Plan } from "../runner/config/planned.ts";
import type { TableNames } from "./table_names.ts";

/** A table of responses on which the whole workflow is run. */
export interface Table {
  /** Part of the names of its outputs. */
  readonly name: string;
  /** What is set for it. */
  readonly set: readonly Override[];
  /** Why it cannot be read. */
  readonly error?: string;
}

/** Name of the param that lists tables. */
const LIST = "tables";
const FIELDS = ["name", "set"];
const NAME = /^[A-Za-z0-9][\w-]*$/;

/**
 * The tables that workflow.yaml lists, by name.
 *
 * @param plan The workflow.
 * @param names Receives their names.
 * @throws {WorkflowError} With all that is wrong in the list.
 */
export function declaredTables(
  { params }: Plan,
  names: TableNames,
): ReadonlyMap<string, Table> {
  const problems: Problem[] = [];
  const tables = new Map<string, Table>();
  const places = new Map<string, Place>();
  const list = lookup(params, [LIST]);
  if (list !== undefined && list.kind !== "list") {
    problems.push({ place: list.place, message: `${LIST} must be a list` });
  }
  for (const node of list?.kind === "list" ? list.items : []) {
    const name = lookup(node, ["name"]);
    const text = String((name && valueOf(name)) ?? "");
    const faults = [...formOf(node), ...nameOf(text, name?.place ?? node.place, places, names)];
    problems.push(...faults);
    const set = lookup(node, ["set"]);
    tables.set(text, { name: text, set: set?.kind === "map" ? overridesOf(set) : [] });
  }
  if (problems.length > 0) throw new WorkflowError(problems);
  return tables;
}

/** What is wrong with the form of an entry. */
function formOf(node: Node): Problem[] {
  if (node.kind !== "map") {
    const message = `${LIST}: write { name: NAME, set: { responses.path: FILE } }`;
    return [{ place: node.place, message }];
  }
  const unknown = [...node.entries].filter(([field]) => !FIELDS.includes(field));
  const set = lookup(node, ["set"]);
  const isMap = set === undefined || set.kind === "map" || valueOf(set) === null;
  return [
    ...unknown.map(([field, { key }]) => ({
      place: key,
      message: `unknown field ${field} in ${LIST}${nearest(field, FIELDS)}`,
    })),
    ...isMap ? [] : [{
      place: set.place,
      message: `${LIST}: set must be a map such as { responses.path: FILE }`,
    }],
  ];
}

/** What is wrong with a name; one that is well is taken. */
function nameOf(
  name: string,
  place: Place,
  places: Map<string, Place>,
  names: TableNames,
): Problem[] {
  if (!NAME.test(name)) {
    const message =
      `${LIST}: a name has letters, digits, _ and -, and begins with one of the first`;
    return [{ place, message }];
  }
  const twin = places.get(name.toLowerCase());
  places.set(name.toLowerCase(), place);
  if (twin !== undefined) {
    const message = `the table ${name} is listed twice; first at ${formatPlace(twin)}`;
    return [{ place, message }];
  }
  const clash = names.take(name);
  return clash === undefined
    ? []
    : [{ place, message: `a table cannot be called ${name}: ${clash} would be made twice` }];
}

function overridesOf({ entries }: MapNode): Override[] {
  return [...entries].map(([name, { node }]) => ({ name, node }));
}
