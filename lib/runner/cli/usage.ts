import { wrap } from "../../base/wrap.ts";
import type { CommandEntry, Program } from "./command.ts";
import { columns } from "./output.ts";
import { type OptionName, OPTIONS, type Shorthand, shorthandsOf } from "./options.ts";

/** Column at which explanations begin. */
const INDENT = 24;

/**
 * The help: all commands, a line each, or one with its options.
 *
 * @param commands The commands by name.
 * @param project What the project adds.
 * @param name The one command.
 */
export function usage(
  commands: Readonly<Record<string, CommandEntry>>,
  { shorthands = [], extras = {} }: Pick<Program, "shorthands" | "extras">,
  name?: string,
): string {
  const entry = name === undefined ? undefined : commands[name];
  if (entry === undefined) {
    const lines = Object.entries(commands).map(([command, { arguments: rest, summary }]) =>
      line(`${command} ${rest}`, summary)
    );
    return `Usage: deno task COMMAND [ARGUMENTS] [OPTIONS]\n\n${lines.join("")}\n` +
      "deno task COMMAND --help shows the options of a command.\n";
  }
  const { formats = [] } = entry;
  const helps: Partial<Record<OptionName, string>> = {
    format: `one of ${formats.join(", ")} (default ${formats[0]})`,
    copy: [OPTIONS.copy.help, ...Object.keys(extras)].join("; also "),
  };
  const named = (name: OptionName): Pick<Shorthand, "name" | "help"> & { value?: string } => {
    const { value } = OPTIONS[name];
    const help = helps[name] ?? OPTIONS[name].help;
    return value === undefined ? { name, help } : { name, value, help };
  };
  const options = [
    ...entry.own ?? [],
    ...entry.options.map(named),
    ...shorthandsOf(entry.options, shorthands),
    named("help"),
  ].map(({ name, value, help }) => line(`--${name}${value ? ` ${value}` : ""}`, help));
  const words = [name, entry.arguments, "[OPTIONS]"].filter((word) => word !== "");
  return `Usage: deno task ${words.join(" ")}\n\n${sentence(entry.summary)}\n\n${options.join("")}`;
}

function line(what: string, explanation: string): string {
  const text = `  ${what.padEnd(INDENT - 4)}  ${explanation}`;
  return `${wrap(text, columns(), " ".repeat(INDENT)).join("\n")}\n`;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
