import { InputError } from "../base/errors.ts";
import { formatBytes } from "../base/format_bytes.ts";
import { wholeNumber } from "../runner/cli/options.ts";
import { report, write } from "../runner/cli/output.ts";
import { HttpRemote } from "./http_remote.ts";
import { pull, type Pulled } from "./pull.ts";
import { sample } from "./sample.ts";
import type { Session } from "./session.ts";
import { TOKEN } from "./settings.ts";
import type { Source } from "./source.ts";

/** Most refusals that are shown; the rest is counted. */
const MAX_SHOWN = 5;

/**
 * Takes over results from a source, reports which, and runs some again where that is asked for.
 *
 * @param explain Reports more about what is not there.
 * @returns The exit code: 0, 1 where something was refused (or, with `--check`, is missing), 3 where a
 * target that ran again made other bytes.
 */
export async function pullFrom(
  session: Session,
  source: Source,
  explain: (pulled: Pulled) => void = () => {},
): Promise<number> {
  const { workspace, names, wanted, settings, options, signal, listen } = session;
  const { json, quiet, check, own } = options;
  const only = own["only"] !== undefined;
  const n = wholeNumber("sample", own["sample"]?.at(-1) ?? 0, 0);
  if (only && n > 0) {
    throw new InputError("--sample cannot be combined with --only: a task needs its inputs");
  }
  const pulled = await pull(workspace, names, source, {
    wanted: only ? wanted : names,
    trusted: settings.trusted,
    signal,
    onPulled: (target, bytes) => {
      if (!json && !quiet) write(`pulled    ${target}  ${formatBytes(bytes)}\n`);
    },
    onAside: (path, at) => listen({ kind: "kept-aside", path, at }),
  });
  reportRefusals(pulled.refused, source.name);
  if (json) write(`${JSON.stringify({ ...pulled, missing: namesOf(pulled) })}\n`);
  else write(summary(pulled, source.name));
  explain(pulled);
  reportForbidden(source);
  const again = n === 0 ? 0 : await sample(workspace, names, pulled.pulled, n, signal, listen);
  if (again === 3) {
    report(
      `warning: ${source.name} has results that are not reproduced here; see docs/sharing.md\n`,
    );
  }
  const isWrong = Object.keys(pulled.refused).length > 0 || (check && pulled.missing.length > 0);
  return again > 0 ? again : isWrong ? 1 : 0;
}

/** Reports a cache that forbids everything, which otherwise looks like one that has nothing. */
export function reportForbidden(source: Source): void {
  if (!(source instanceof HttpRemote) || !source.forbids) return;
  report(
    `warning: ${source.name} forbids everything (status 403); check its address and ${TOKEN}\n`,
  );
}

/** Reports what is not believed, and why. */
export function reportRefusals(refused: Readonly<Record<string, string>>, name: string): void {
  const all = Object.entries(refused);
  for (const [target, why] of all.slice(0, MAX_SHOWN)) {
    report(`refused   ${target}: ${why}\n`);
  }
  const more = all.length - MAX_SHOWN;
  if (more > 0) report(`refused   ${more} more of ${name}\n`);
}

function namesOf({ missing }: Pulled): string[] {
  return missing.map(({ target }) => target.name);
}

function summary({ pulled, here, missing, bytes }: Pulled, name: string): string {
  const counts = [
    `${pulled.length} targets pulled (${formatBytes(bytes)})`,
    `${here.length} were here`,
    `${missing.length} not in the cache`,
  ];
  const rest = missing.length > 0 ? "; deno task reproduce builds the rest" : "";
  return `${counts.join(", ")}: ${name}${rest}.\n`;
}
