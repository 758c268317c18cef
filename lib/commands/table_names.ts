import { extname } from "@std/path";
import type { Plan } from "../runner/config/planned.ts";

/** What a target or output of the workflow is called for a table: `figures/a.pdf`, `figures/a_NAME.pdf`. */
export function nameFor(table: string, name: string): string {
  const ending = name.includes("/") ? extname(name) : "";
  return `${name.slice(0, name.length - ending.length)}_${table}${ending}`;
}

/** The names of outputs, none of which two tables may share; letter case does not count. */
export class TableNames {
  readonly #own: readonly string[];
  readonly #taken: Set<string>;

  constructor({ targets }: Plan) {
    this.#own = [...targets.values()].flatMap(({ name, outputs }) => [name, ...outputs.values()]);
    this.#taken = new Set(this.#own.map((name) => name.toLowerCase()));
  }

  /** Takes a table's names; gives the first that is taken already, and then takes none. */
  take(table: string): string | undefined {
    const names = [...new Set(this.#own)].map((name) => nameFor(table, name));
    const clash = names.find((name) => this.#taken.has(name.toLowerCase()));
    if (clash === undefined) names.forEach((name) => this.#taken.add(name.toLowerCase()));
    return clash;
  }
}
