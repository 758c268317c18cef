import { InputError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import type { Command } from "../runner/cli/command.ts";
import { exportCommand } from "./export_command.ts";
import { importCommand } from "./import_command.ts";
import { pullFrom } from "./pull_command.ts";
import { pushCommand } from "./push_command.ts";
import { remoteOf, type Session, withSession } from "./session.ts";
import { statusCommand } from "./status_command.ts";

/** What may be done with a shared cache. */
interface Action {
  /** What must follow it, if anything. */
  readonly file?: string;
  /** Options of the command that are not of this action. */
  readonly without: readonly string[];
  readonly run: (session: Session, file: string) => Promise<number>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  pull: { without: [], run: (session) => pullFrom(session, remoteOf(session)) },
  push: { without: ["sample", "only", "check"], run: pushCommand },
  export: { file: "FILE.zip", without: ["url", "sample", "only", "check"], run: exportCommand },
  import: { file: "FILE.zip or its address", without: ["url"], run: importCommand },
  status: { without: ["sample", "only"], run: statusCommand },
};

/** `cache pull | push | export FILE.zip | import FILE_OR_URL | status`: results shared with others. */
export const cache: Command = async (project, options) => {
  const [name = "", ...rest] = options.targets;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) {
    throw new InputError(`There is no cache ${name}${nearest(name, Object.keys(ACTIONS))}`);
  }
  for (const option of action.without) {
    const isGiven = options.args.some((arg) =>
      arg === `--${option}` || arg.startsWith(`--${option}=`)
    );
    if (isGiven) throw new InputError(`cache ${name} has no option --${option}`);
  }
  const [file] = rest;
  if (action.file !== undefined && file === undefined) {
    throw new InputError(`cache ${name} needs ${action.file}`);
  }
  const targets = action.file === undefined ? rest : rest.slice(1);
  return await withSession(project, options, targets, (session) => action.run(session, file ?? ""));
};
