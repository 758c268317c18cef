/** What asks a program to end; Windows knows the first only. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

/**
 * Does work that Ctrl-C, or a request of the system to end, aborts.
 *
 * @param work Gets the signal that is aborted.
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  SIGNALS.forEach((signal) => Deno.addSignalListener(signal, abort));
  try {
    return await work(controller.signal);
  } finally {
    SIGNALS.forEach((signal) => Deno.removeSignalListener(signal, abort));
  }
}
