import type { Job } from "./engine.ts";
import type { Answer, Question } from "./worker.ts";

/** What a question ends with when a later one of its kind has been asked. */
export const SUPERSEDED = new Error("superseded");

/** A worker that answers the last question asked; those before it are dropped. */
export class Player {
  readonly #url: string;
  #worker: Worker;
  #id = 0;
  #isBusy = false;
  #next: (() => void) | undefined;
  #drop: (() => void) | undefined;

  constructor(url: string) {
    this.#url = url;
    this.#worker = new Worker(url);
  }

  ask(
    name: Question["name"],
    job: Job,
    progress: (share: number) => void = () => {},
  ): Promise<unknown> {
    this.#drop?.();
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#drop = () => reject(SUPERSEDED);
      const send = (): void => {
        this.#isBusy = true;
        this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
          if ("progress" in data) return progress(data.progress);
          this.#isBusy = false;
          const next = this.#next;
          this.#next = undefined;
          if (id === this.#id) {
            if ("error" in data) reject(new Error(data.error));
            else resolve(data.result);
          }
          next?.();
        };
        this.#worker.postMessage({ id, name, job } satisfies Question);
      };
      if (this.#isBusy) this.#next = send;
      else send();
    });
  }

  /** Ends what is computed. */
  cancel(): void {
    this.#worker.terminate();
    this.#drop?.();
    this.#worker = new Worker(this.#url);
    this.#isBusy = false;
    this.#next = undefined;
  }
}
