import { COMMANDS } from "./commands.ts";
import { type OptionName, OPTIONS } from "./options.ts";

/** Column at which explanations begin. */
const INDENT = 24;

/** How to write a command: of all, in a line each, or of one. */
export function usage(name?: string): string {
  const entry = name === undefined ? undefined : COMMANDS[name];
  if (entry === undefined) {
    const lines = Object.entries(COMMANDS).map(([command, { arguments: rest, summary }]) =>
      line(`${command} ${rest}`, summary)
    );
    return `Usage: deno task COMMAND [ARGUMENTS] [OPTIONS]\n\n${lines.join("")}\n` +
      "deno task COMMAND --help says the options of one.\n";
  }
  const options = [...entry.options, "help" as const].map((option: OptionName) => {
    const { value, help } = OPTIONS[option];
    return line(`--${option}${value === undefined ? "" : ` ${value}`}`, help);
  });
  const words = [name, entry.arguments, "[OPTIONS]"].filter((word) => word !== "");
  return `Usage: deno task ${words.join(" ")}\n\n${sentence(entry.summary)}\n\n${options.join("")}`;
}

function line(what: string, explanation: string): string {
  return `  ${what.padEnd(INDENT - 4)}  ${explanation}\n`;
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
