import type { Project } from "../project.ts";
import type { OptionName, Options, OwnOption, Shorthand } from "./options.ts";

/** What a command does: gets the project and the command line, returns the exit code. */
export type Command = (project: Project, options: Options) => Promise<number>;

/** A command of the command line. */
export interface CommandEntry {
  /** What may follow the name; "" when nothing may. */
  readonly arguments: string;
  readonly summary: string;
  readonly options: readonly OptionName[];
  /** What `--format` may be, the default first; of a command with that option. */
  readonly formats?: readonly string[];
  /** Options that no other command has. */
  readonly own?: readonly OwnOption[];
  /** Words that completion offers as its argument; without them, the targets. */
  readonly words?: readonly string[];
  /** Loads its code, so that a command pays for no other. */
  readonly load: () => Promise<Command>;
}

/** A project with the commands and options that it adds to the runner's. */
export interface Program extends Project {
  /** Commands by name. */
  readonly commands?: Readonly<Record<string, CommandEntry>>;
  readonly shorthands?: readonly Shorthand[];
}
