import { costMap, type Job, monteCarlo, oneShot, paths } from "./engine.ts";
import { REPLICATES } from "./settings.ts";

/** What a worker can be asked for. */
export const WORK = {
  paths,
  costMap,
  oneShot: (job: Job) => Promise.resolve(oneShot(job)),
  monteCarlo: (job: Job, progress: (share: number) => void) =>
    monteCarlo({ ...job, replicates: REPLICATES }, progress),
} as const;

/** A question to a worker. */
export interface Question {
  readonly id: number;
  readonly name: keyof typeof WORK;
  readonly job: Job;
}

/** Its answer: a result, an error in words, or how far it is. */
export type Answer =
  & { readonly id: number }
  & (
    | { readonly result: unknown }
    | { readonly error: string }
    | { readonly progress: number }
  );

/** The global scope of a worker. */
interface Scope {
  onmessage: ((event: { readonly data: Question }) => void) | null;
  postMessage(answer: Answer): void;
}

/** Answers questions, one after the other. */
export function serve(scope: Scope): void {
  scope.onmessage = async ({ data: { id, name, job } }) => {
    try {
      const result = await WORK[name](job, (progress) => scope.postMessage({ id, progress }));
      scope.postMessage({ id, result });
    } catch (error) {
      scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  };
}
