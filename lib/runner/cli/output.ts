import type { Listener } from "../event.ts";
import type { Options } from "./options.ts";
import type { Store } from "../store.ts";
import { terminal } from "./terminal.ts";

/** Writes text to standard output, all of it; a reader that has gone (`| head`) ends the program. */
export function write(text: string): void {
  try {
    writeTo(Deno.stdout, text);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

/** Writes text to standard error, for a person; where nobody can read it, nothing is written. */
export function report(text: string): void {
  try {
    writeTo(Deno.stderr, text);
  } catch {
    // Standard error is closed or full.
  }
}

/** Warns of what the cache could not use, on standard error. */
export function reportWarnings({ warnings }: Pick<Store, "warnings">): void {
  for (const message of warnings) report(`warning: ${message}\n`);
}

function writeTo(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) start += stream.writeSync(bytes.subarray(start));
}

/** Characters a line of the terminal has; a file has as many as one likes. */
export function columns(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}

/** Shows the events of a run as the options ask: as JSON lines, or to a person. */
export function listener(options: Pick<Options, "json" | "quiet">): Listener {
  if (options.json) return (event) => write(`${JSON.stringify(event)}\n`);
  return person(Deno.stdout, options, write);
}

/** Shows the events of a run on standard error, for a command whose standard output is a report. */
export function listenerAside(options: Pick<Options, "quiet">): Listener {
  return person(Deno.stderr, options, report);
}

function person(
  stream: { isTerminal(): boolean },
  { quiet }: Pick<Options, "quiet">,
  write: (text: string) => void,
): Listener {
  const interactive = stream.isTerminal();
  return terminal({
    interactive,
    color: interactive && !Deno.env.get("NO_COLOR"),
    quiet,
    columns: interactive ? Deno.consoleSize().columns : Infinity,
    write,
  });
}
