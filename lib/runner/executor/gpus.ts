import { TaskFailure } from "./executor.ts";

/** Where Linux shows GPUs. */
const DEVICES = "/dev";

/**
 * The GPUs of this machine that tasks may use, as the runtime of GPUs numbers them.
 *
 * @param variable The environment variable that limits which are seen, if the project has one.
 */
export function gpus(variable: string | undefined): string[] {
  const visible = variable === undefined ? undefined : Deno.env.get(variable);
  if (visible !== undefined) return visible.split(",").filter((id) => id !== "" && id !== "-1");
  try {
    return [...Deno.readDirSync(DEVICES)]
      .flatMap(({ name }) => /^nvidia(\d+)$/.exec(name)?.[1] ?? []).sort();
  } catch {
    return [];
  }
}

/** Hands out GPUs to tasks, in the order in which they ask, so that no two tasks share one. */
export class GpuSlots {
  readonly #total: number;
  readonly #free: string[];
  readonly #queue: { readonly count: number; readonly grant: (ids: string[]) => void }[] = [];

  constructor(ids: readonly string[]) {
    this.#total = ids.length;
    this.#free = [...ids];
  }

  /**
   * Holds N GPUs for as long as the work takes.
   *
   * @param work Gets their numbers.
   * @throws {TaskFailure} When the machine has fewer.
   */
  async hold<Result>(
    count: number,
    work: (ids: readonly string[]) => Promise<Result>,
  ): Promise<Result> {
    if (count > this.#total) {
      const message = `needs ${count} GPU${count > 1 ? "s" : ""}, and this machine has ` +
        `${this.#total}: run it where there are more, or lower resources.gpu`;
      throw new TaskFailure(message, true);
    }
    const ids = await new Promise<string[]>((grant) => {
      this.#queue.push({ count, grant });
      this.#serve();
    });
    try {
      return await work(ids);
    } finally {
      this.#free.push(...ids);
      this.#serve();
    }
  }

  #serve(): void {
    for (;;) {
      const [next] = this.#queue;
      if (next === undefined || next.count > this.#free.length) return;
      this.#queue.shift();
      next.grant(this.#free.splice(0, next.count));
    }
  }
}
