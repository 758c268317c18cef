import { formatBytes } from "../base/format_bytes.ts";
import { write } from "../runner/cli/output.ts";
import { reportForbidden, reportRefusals } from "./pull_command.ts";
import { remoteOf, type Session } from "./session.ts";
import { TOKEN } from "./settings.ts";
import { type Step, walk } from "./walk.ts";

/** Where a target's result is. */
type Where = "here and there" | "only here" | "only there" | "nowhere" | "unknown";

/** `cache status`: shows which results are here and which in the shared cache; nothing is changed. */
export async function statusCommand(session: Session): Promise<number> {
  const { workspace, names, settings, options } = session;
  const remote = remoteOf(session);
  const steps = await walk(workspace, names, remote, { trusted: settings.trusted, askAll: true });
  const all = [...steps.values()].map((step) => ({ step, where: whereIs(step) }));
  const refused = [...steps].flatMap(([name, { refused }]) =>
    refused === undefined ? [] : [[name, refused]]
  );
  const outputs = all.flatMap(({ step: { remote, local } }) =>
    local === undefined ? Object.values(remote?.outputs ?? {}) : []
  );
  const sizes = new Map(outputs.map(({ digest, size }) => [digest, size]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  reportRefusals(Object.fromEntries(refused), remote.name);
  reportForbidden(remote);
  const access = settings.token === undefined
    ? `read only (${TOKEN} is not set)`
    : "read and write";
  if (options.json) {
    const targets = all.map(({ step, where }) => ({ target: step.target.name, where }));
    const { trusted } = settings;
    const url = remote.name;
    write(`${JSON.stringify({ url, access, trusted, failed: remote.failed, bytes, targets })}\n`);
  } else {
    const width = Math.max(...all.map(({ step }) => step.target.name.length));
    for (const { step, where } of all) write(`${step.target.name.padEnd(width)}  ${where}\n`);
    const counts = Map.groupBy(all, ({ where }) => where);
    const totals = [...counts].map(([where, { length }]) => `${length} ${where}`).join(", ");
    write(`\n${remote.name}: ${access}, ${trust(settings.trusted.length)}\n`);
    write(`${all.length} targets: ${totals}. To pull: ${formatBytes(bytes)}.\n`);
  }
  return remote.failed || (options.check && all.some(({ where }) => where !== "here and there"))
    ? 1
    : 0;
}

function whereIs({ key, local, remote }: Step): Where {
  if (key === undefined) return "unknown";
  if (local === undefined) return remote === undefined ? "nowhere" : "only there";
  return remote === undefined ? "only here" : "here and there";
}

function trust(keys: number): string {
  return keys === 0
    ? "signatures are not asked for"
    : `signed by one of ${keys} trusted ${keys === 1 ? "key" : "keys"}`;
}
