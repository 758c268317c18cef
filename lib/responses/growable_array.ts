/** Room at the beginning; doubled whenever it is used up. */
const FIRST = 1024;

/** A typed array that grows at its end. */
export class GrowableArray<T extends Int32Array | Float64Array> {
  readonly #type: new (length: number) => T;
  #data: T;
  #length = 0;

  constructor(type: new (length: number) => T) {
    this.#type = type;
    this.#data = new type(FIRST);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const data = new this.#type(2 * this.#length);
      data.set(this.#data);
      this.#data = data;
    }
    this.#data[this.#length++] = value;
  }

  /** Keeps the values at ascending positions. */
  retain(positions: ArrayLike<number>): void {
    for (let i = 0; i < positions.length; i++) this.#data[i] = this.#data[positions[i]!]!;
    this.#length = positions.length;
  }

  /** A view of what was pushed: good until the next push. */
  view(): T {
    return this.#data.subarray(0, this.#length) as T;
  }
}
