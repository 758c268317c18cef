/**
 * The part of `@std/cli/parse-args` that the project uses, with the same names and signatures, over
 * `node:util`. deno.json maps `@std/cli/parse-args` here because JSR cannot be a condition of
 * installing; to use JSR instead, map it to `jsr:@std/cli@1/parse-args`.
 *
 * @module
 */
import { parseArgs as nodeParseArgs } from "node:util";

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions {
  /** Names whose presence means true. */
  readonly boolean?: readonly string[];
  /** Names that take a value. */
  readonly string?: readonly string[];
  /** Names of `string` that may be repeated; their values are collected in an array. */
  readonly collect?: readonly string[];
  /** Called with each argument of an unknown name. */
  readonly unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} gives: the arguments without a name in `_`, the others by name. */
export interface Args {
  readonly _: readonly string[];
  readonly [name: string]: boolean | string | readonly string[] | undefined;
}

/**
 * Parses command-line arguments: `--name`, `--name value`, `--name=value`; after `--` all is `_`.
 *
 * @param args The arguments, such as `Deno.args`.
 * @param options The names that are known.
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  const { boolean = [], string = [], collect = [], unknown } = options;
  const types = [
    ...boolean.map((name) => [name, { type: "boolean" as const }] as const),
    ...string.map((name) => [name, { type: "string" as const }] as const),
  ];
  const { tokens } = nodeParseArgs({
    args: [...args],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const rest: string[] = [];
  const named: Record<string, boolean | string | string[]> = {};
  for (const token of tokens) {
    if (token.kind === "positional") rest.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (boolean.includes(name) && value === undefined) named[name] = true;
    else if (collect.includes(name)) {
      const list = named[name];
      named[name] = [...(Array.isArray(list) ? list : []), value ?? ""];
    } else if (string.includes(name)) named[name] = value ?? "";
    else unknown?.(value === undefined ? rawName : `${rawName}=${value}`, name, value ?? true);
  }
  return { _: rest, ...named };
}
