import { report } from "./output.ts";

/**
 * Asks a person at a terminal what is to become of jobs that wait or run; where there is none, or
 * with a second Ctrl-C, they are left.
 *
 * @param jobs How many there are.
 */
export async function askAboutJobs(jobs: number): Promise<"cancel" | "leave"> {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) return "leave";
  report(`\nJobs that wait or run: ${jobs}. c cancels them, Enter leaves them to Slurm: `);
  const { promise, resolve } = Promise.withResolvers<null>();
  const leave = (): void => resolve(null);
  Deno.addSignalListener("SIGINT", leave);
  try {
    const answer = new Uint8Array(64);
    const length = await Promise.race([Deno.stdin.read(answer), promise]);
    const said = new TextDecoder().decode(answer.subarray(0, length ?? 0)).trim().toLowerCase();
    return /^c(ancel)?$/.test(said) ? "cancel" : "leave";
  } finally {
    Deno.removeSignalListener("SIGINT", leave);
  }
}
