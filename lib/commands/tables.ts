import { basename, dirname, normalize, resolve } from "@std/path";
import { InputError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { sourceAt } from "../responses/read_tables.ts";
import type { Place } from "../runner/config/location.ts";
import type { Override } from "../runner/config/params.ts";
import type { Plan } from "../runner/config/planned.ts";
import { declaredTables, type Table } from "./declared_tables.ts";
import { locate } from "./locate.ts";
import { TableNames } from "./table_names.ts";

/** Longest part of a file's name that is taken for a table's, in letters. */
const MAX_NAME = 40;

/**
 * The tables that are named on the command line.
 *
 * @param plan The workflow.
 * @param lists Names of the workflow's tables, files and folders, separated by commas.
 * @param overrides `--set` of the command line, which may set nothing that a table sets.
 * @throws {InputError} When one is neither, is named twice, or two would have the same outputs.
 */
export async function chooseTables(
  plan: Plan,
  lists: readonly string[],
  overrides: readonly Override[],
): Promise<readonly Table[]> {
  const names = new TableNames(plan);
  const declared = declaredTables(plan, names);
  const chosen = new Map<string, Table | string>();
  for (const list of lists) {
    for (const word of await wordsOf(list, declared, plan.root)) {
      const table = declared.get(word) ?? await tableAt(word, declared, plan.root);
      const key = typeof table === "string" ? await Deno.realPath(table) : table.name;
      if (chosen.has(key)) throw new InputError(`--tables names ${word} twice; name it once`);
      chosen.set(key, table);
    }
  }
  const files = [...chosen.values()].filter((table) => typeof table === "string");
  const named = new Map(namesOf(files, names));
  const tables = await Promise.all(
    Array.from(
      chosen.values(),
      (table) => typeof table === "string" ? fileTable(table, named.get(table)!) : table,
    ),
  );
  for (const { name, set } of tables) {
    const both = set.find((one) => overrides.some((other) => other.name === one.name));
    if (both !== undefined) {
      throw new InputError(
        `--set ${both.name} cannot be combined with the table ${name}, which sets it`,
      );
    }
  }
  return tables;
}

/** The table of the workflow that is in a file, or else the file's path. */
async function tableAt(
  file: string,
  declared: ReadonlyMap<string, Table>,
  root: string,
): Promise<Table | string> {
  const path = normalize(await locate(root, file));
  const real = await Deno.realPath(path);
  for (const table of declared.values()) {
    const node = table.set.find(({ name }) => name === "responses.path")?.node;
    if (node?.kind !== "scalar" || typeof node.value !== "string") continue;
    const own = await Deno.realPath(resolve(root, node.value)).catch(() => undefined);
    if (own === real) return table;
  }
  return path;
}

/** Splits a list at its commas, but for those in the name of a file. */
async function wordsOf(
  list: string,
  declared: ReadonlyMap<string, Table>,
  root: string,
): Promise<readonly string[]> {
  const parts = list.split(",");
  const words: string[] = [];
  for (let at = 0; at < parts.length;) {
    let end = parts.length;
    while (end > at + 1 && !(await isThere(parts.slice(at, end).join(",")))) end--;
    const word = parts.slice(at, end).join(",").trim();
    if (word === "") throw new InputError(`Cannot read --tables ${list}: a name is empty`);
    if (!declared.has(word) && !(await isThere(word))) {
      const near = nearest(word, declared.keys());
      throw new InputError(
        `There is no table ${word} in workflow.yaml, and no such file or folder${near}`,
      );
    }
    words.push(word);
    at = end;
  }
  return words;

  async function isThere(path: string): Promise<boolean> {
    return path !== "" && await Deno.stat(await locate(root, path)).then(() => true, () => false);
  }
}

/** A name for each file: its own, with the folder's where that is taken, or else with a number. */
function* namesOf(files: readonly string[], names: TableNames): Generator<[string, string]> {
  const plain = files.map((file) => plainName(basename(file)));
  for (const [n, file] of files.entries()) {
    const own = plain[n]!;
    const isShared = plain.filter((name) => name.toLowerCase() === own.toLowerCase()).length > 1;
    const longer = plainName(`${basename(dirname(file))}_${basename(file)}`);
    const free = (name: string): boolean => names.take(name) === undefined;
    let name = [...isShared ? [] : [own], longer].find(free);
    for (let i = 2; name === undefined; i++) {
      name = free(`${longer}_${i}`) ? `${longer}_${i}` : name;
    }
    yield [file, name];
  }
}

/** A file's name without endings, in letters that a file of any system may have. */
function plainName(file: string): string {
  return file.replace(/\.gz$/i, "").replace(/(?<=.)\.[A-Za-z]\w*$/, "").normalize("NFKD")
    .replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9-]+/g, "_").replace(/^[_-]+|_+$/g, "").slice(
      0,
      MAX_NAME,
    ) || "table";
}

async function fileTable(path: string, name: string): Promise<Table> {
  const place: Place = { file: path };
  try {
    const source = await sourceAt(path, path);
    const values = { "responses.source": source, "responses.path": path };
    const set = Object.entries(values).map(([name, value]): Override => ({
      name,
      node: { kind: "scalar", place, value },
    }));
    return { name, set };
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    return { name, set: [], error: cause.message };
  }
}
