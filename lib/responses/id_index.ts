import { idOf } from "./values.ts";

/** Numbers the ids of a table, in the order in which they come. */
export class IdIndex {
  readonly #codes = new Map<unknown, number>();
  readonly #add: (id: string) => number;
  readonly #onTrimmed: (value: string) => void;

  /**
   * @param add Receives each new id, and gives its code.
   * @param onTrimmed Receives each text that has outer white space, once.
   */
  constructor(add: (id: string) => number, onTrimmed: (value: string) => void) {
    this.#add = add;
    this.#onTrimmed = onTrimmed;
  }

  /** The code of the id that a value stands for; −1 when it stands for none. */
  codeOf(value: unknown): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    const id = idOf(value);
    if (id === undefined) return -1;
    const code = this.#codes.get(id) ?? this.#add(id);
    this.#codes.set(id, code);
    if (value !== id) {
      this.#codes.set(value, code);
      if (typeof value === "string") this.#onTrimmed(value);
    }
    return code;
  }
}
