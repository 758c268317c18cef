/**
 * A number of slots, handed out in the order in which they were asked for: work that wants many is not
 * passed by later work that wants few.
 */
export class Slots {
  readonly #queue: { readonly size: number; readonly grant: () => void }[] = [];
  readonly #total: number;
  #free: number;

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Waits for a number of slots (at most all of them) and holds them for as long as the work takes. */
  async hold<Result>(wanted: number, work: () => Promise<Result>): Promise<Result> {
    const size = Math.min(wanted, this.#total);
    await new Promise<void>((grant) => {
      this.#queue.push({ size, grant });
      this.#serve();
    });
    try {
      return await work();
    } finally {
      this.#free += size;
      this.#serve();
    }
  }

  #serve(): void {
    for (;;) {
      const [next] = this.#queue;
      if (next === undefined || next.size > this.#free) return;
      this.#queue.shift();
      this.#free -= next.size;
      next.grant();
    }
  }
}
