import { InputError } from "../base/errors.ts";
import { formatBytes } from "../base/format_bytes.ts";
import { write } from "../runner/cli/output.ts";
import { reportRefusals } from "./pull_command.ts";
import { push, refuseProposals } from "./push.ts";
import { remoteOf, type Session } from "./session.ts";
import { SIGNING_KEY, TOKEN } from "./settings.ts";
import { signingKey } from "./signature.ts";

/** `cache push`: sends results that the shared cache does not have. */
export async function pushCommand(session: Session): Promise<number> {
  const { workspace, names, settings, options: { json, quiet }, signal } = session;
  const remote = remoteOf(session);
  if (settings.token === undefined) {
    throw new InputError(`Cannot push to ${remote.name}: ${TOKEN} is not set, so it is only read`);
  }
  refuseProposals();
  const sent = await push(workspace, names, remote, {
    trusted: settings.trusted,
    signing: signingKey(SIGNING_KEY),
    signal,
    onPushed: (target, bytes) => {
      if (!json && !quiet) write(`pushed    ${target}  ${formatBytes(bytes)}\n`);
    },
  });
  reportRefusals(sent.refused, remote.name);
  const { pushed, there, missing, bytes } = sent;
  const rest = missing.length > 0 ? `, ${missing.length} have no result here` : "";
  write(
    json
      ? `${JSON.stringify(sent)}\n`
      : `${pushed.length} targets pushed (${
        formatBytes(bytes)
      }), ${there.length} were there${rest}: ` +
        `${remote.name}.\n`,
  );
  return remote.failed || Object.keys(sent.refused).length > 0 ? 1 : 0;
}
