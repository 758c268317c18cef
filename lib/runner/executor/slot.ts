import { basename, join } from "@std/path";
import type { Job } from "./executor.ts";

/**
 * A folder in which one task after the other finds its inputs and leaves its outputs, so that a
 * worker whose permissions are those of the folder never sees the files of another task.
 */
export class Slot implements Disposable {
  readonly #root: string;

  /** @param folder Where the slot is made: on the file system of the staging folders. */
  constructor(folder: string) {
    this.#root = Deno.makeTempDirSync({ dir: folder, prefix: "worker-" });
  }

  /** Puts a job's inputs into the slot. @returns The job as it looks from inside. */
  enter(job: Job): Job {
    const [reads, writes] = [join(this.#root, "in"), join(this.#root, "out")];
    Deno.mkdirSync(writes, { recursive: true });
    // Never into a folder that is there: a copy would go through a link, into the cache.
    Deno.mkdirSync(reads);
    const own = new Set(Object.values(job.inputs).map(({ path }) => path));
    const inputs = Object.entries(job.inputs).map(([logical, input]) => {
      const path = join(reads, logical);
      place(Deno.realPathSync(input.path), path);
      return [logical, { ...input, path }] as const;
    });
    const outputs = Object.entries(job.outputs).map(([logical, path]) =>
      [logical, join(writes, basename(path))] as const
    );
    const read = [...job.permissions.read.filter((path) => !own.has(path)), reads];
    return {
      ...job,
      inputs: Object.fromEntries(inputs),
      outputs: Object.fromEntries(outputs),
      permissions: { ...job.permissions, read, write: writes },
    };
  }

  /** Empties the slot; what the task wrote goes to the job's staging folder. */
  leave(job: Job): void {
    for (const { name } of Deno.readDirSync(join(this.#root, "out"))) {
      Deno.renameSync(join(this.#root, "out", name), join(job.permissions.write, name));
    }
    Deno.removeSync(join(this.#root, "in"), { recursive: true });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#root, { recursive: true });
  }
}

/** Whether a job can run in a slot: one that reads a folder stays where that is. */
export function fitsSlot({ stateless, inputs }: Job): boolean {
  return stateless && Object.values(inputs).every(({ path }) => Deno.statSync(path).isFile);
}

/** The same file under another name: no copy, where the file system allows it. */
function place(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch {
    Deno.copyFileSync(from, to);
  }
}
