import type { Event, Listener } from "../event.ts";
import { formatReason } from "../reason.ts";

/** How events are shown to a person. */
export interface TerminalOptions {
  /** Whether lines may be redrawn in place. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Whether only failures and the summary are shown. */
  readonly quiet: boolean;
  /** Characters a line. */
  readonly columns: number;
  readonly write: (text: string) => void;
}

/** Events that end the work on a target. */
const ENDS: ReadonlySet<Event["kind"]> = new Set([
  "fresh",
  "built",
  "restored",
  "failed",
  "skipped",
]);

/**
 * Shows events as lines, with a counter such as 12/38; on a terminal, also the counter and one line for
 * each running task with its progress, below the others.
 *
 * @param options Where and how to show them.
 * @returns The listener to give to the run.
 */
export function terminal(options: TerminalOptions): Listener {
  const paint = (code: number, text: string): string =>
    options.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  const running = new Map<string, string>();
  let [drawn, total, ended] = [0, 0, 0];

  const erase = (): void => {
    // What the person typed, ^C perhaps, stands on the last line.
    if (drawn > 0) options.write(`\r\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = (): void => {
    if (!options.interactive || running.size === 0) return;
    if (total > 0) {
      options.write(`${ended}/${total} targets done, ${running.size} running\n`);
      drawn++;
    }
    for (const [target, text] of running) {
      options.write(`${`  ⋯ ${target}  ${text}`.slice(0, options.columns - 1)}\n`);
      drawn++;
    }
  };
  return (event) => {
    erase();
    if (event.kind === "planned") total = event.targets;
    if (ENDS.has(event.kind)) ended++;
    if (event.kind === "started") running.set(event.target, "");
    if (event.kind === "progress") {
      const percent = `${Math.round(100 * event.share)} %`;
      running.set(event.target, `${bar(event.share)} ${percent} ${event.message}`);
    }
    if (["built", "verified", "failed", "stopped"].includes(event.kind) && "target" in event) {
      running.delete(event.target);
    }
    const line = describe(event, paint, total > 0 ? `, ${ended}/${total}` : "");
    const always = ["failed", "kept-aside", "done"].includes(event.kind) ||
      (event.kind === "warning" && event.once !== true) ||
      (event.kind === "verified" && event.differences.length > 0);
    if (line !== undefined && (always || !options.quiet)) options.write(`${line}\n`);
    draw();
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Characters of a progress bar. */
const BAR = 12;

function bar(share: number): string {
  const full = Math.round(BAR * Math.min(Math.max(share, 0), 1));
  return "█".repeat(full) + "░".repeat(BAR - full);
}

function describe(
  event: Event,
  paint: (code: number, text: string) => string,
  counter: string,
): string | undefined {
  const because = (reasons: readonly Parameters<typeof formatReason>[0][]): string => {
    const [first, ...rest] = reasons;
    if (first === undefined) return "";
    // The old message would read like one of this run.
    const said = first.kind === "failed" ? "its last run failed" : formatReason(first);
    return `: ${said}${rest.length > 0 ? ` (and ${rest.length} more)` : ""}`;
  };
  switch (event.kind) {
    case "started":
      return `${paint(36, "run     ")}  ${event.target}${because(event.reasons)}`;
    case "built": {
      const same = event.same ? ", the same bytes as before" : "";
      return `${paint(32, "built   ")}  ${event.target} in ${
        event.seconds.toFixed(2)
      } s${same}${counter}`;
    }
    case "restored": {
      const why = because(event.reasons);
      return `${paint(32, "restored")}  ${event.target} from the cache${why}${counter}`;
    }
    case "submitted": {
      const { run, targets, arrays } = event;
      const jobs = `${plural(targets, "job")} in ${plural(arrays, "array")}`;
      return `${paint(36, "submit  ")}  ${jobs}, called ${run}`;
    }
    case "waiting":
      return `${paint(33, "waiting ")}  ${event.target ? `${event.target}: ` : ""}${event.holder}`;
    case "verified": {
      const { target, seconds, differences } = event;
      if (differences.length === 0) {
        return `${paint(32, "same    ")}  ${target} in ${seconds.toFixed(2)} s`;
      }
      const lines = differences.map(({ path, byte, sizes, files }) =>
        `\n          ${path}: byte ${byte}; ${sizes[0]} bytes were recorded, ${sizes[1]} made now` +
        `\n          ${files[0]}\n          ${files[1]}`
      );
      return `${paint(31, "differs ")}  ${target}: the same task made other bytes${lines.join("")}`;
    }
    case "stopped":
      return `${paint(33, "stopped ")}  ${event.target}`;
    case "warning": {
      const kind = event.once === true ? paint(36, "note    ") : paint(33, "warning ");
      return `${kind}  ${event.target === undefined ? "" : `${event.target}: `}${event.message}`;
    }
    case "kept-aside":
      return `${paint(33, "aside   ")}  ${event.path} was no task's work; it is now ${event.at}`;
    case "skipped":
      return `${paint(33, "skipped ")}  ${event.target}: needs ${event.because}`;
    case "failed": {
      const kept = event.staging === "" ? "" : `\n          its files: ${event.staging}`;
      return `${paint(31, "failed  ")}  ${event.target}: ${event.message}${kept}`;
    }
    case "done": {
      const { built, restored, fresh, failed, skipped } = event;
      if (built + restored + failed + skipped === 0 && !event.interrupted) {
        return `All ${fresh} targets are fresh; no task ran.`;
      }
      const parts = [`${built} built`, `${restored} restored`, `${fresh} fresh`];
      if (failed > 0) parts.push(`${failed} failed`);
      if (skipped > 0) parts.push(`${skipped} not tried`);
      const end = event.interrupted ? "\nInterrupted; run again to go on from here." : "";
      return `${parts.join(", ")} in ${event.seconds.toFixed(1)} s.${end}`;
    }
    default:
      return undefined;
  }
}
