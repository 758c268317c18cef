/**
 * The command line: `deno task reproduce | build | status | …`.
 *
 * Exit codes: 0 fine, 1 a task failed (or `--check` found something out of date), 2 a fault in the
 * command line, workflow.yaml or the data, 3 other bytes than before (`verify`, `--locked`), 130
 * interrupted.
 *
 * @module
 */
import { COMMANDS } from "./runner/cli/commands.ts";
import { INTERRUPTED } from "./runner/cli/interrupt.ts";
import { readOptions } from "./runner/cli/options.ts";
import { report, write } from "./runner/cli/output.ts";
import { endingOf } from "./base/ending.ts";
import { InputError } from "./base/errors.ts";
import { nearest } from "./base/nearest.ts";

/**
 * Runs one command.
 *
 * @param args The command's name and its arguments.
 * @param root Folder of workflow.yaml.
 * @returns The exit code.
 */
export async function main(args: readonly string[], root: string): Promise<number> {
  const [name = "help", ...rest] = args;
  try {
    if (name === "--help" || name === "help") {
      write((await import("./runner/cli/usage.ts")).usage());
      return args.length === 0 ? 2 : 0;
    }
    if (name === "complete") {
      return await (await import("./runner/cli/complete.ts")).complete(root, rest);
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) {
      throw new InputError(`There is no command ${name}${nearest(name, Object.keys(COMMANDS))}`);
    }
    const options = readOptions(rest, command.options);
    if (options.help) {
      write((await import("./runner/cli/usage.ts")).usage(name));
      return 0;
    }
    const [target] = options.targets;
    if (command.arguments === "" && target !== undefined) {
      const remedy = name === "reproduce" ? `; write: deno task build ${target}` : "";
      throw new InputError(`${name} takes no target${remedy}`);
    }
    if (!/^(\[|$)/.test(command.arguments) && target === undefined) {
      throw new InputError(`${name} needs ${command.arguments}; see: deno task ${name} --help`);
    }
    return await (await command.load())(root, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return INTERRUPTED;
    const { message, code } = endingOf(error, root, Deno.env.has("DEBUG"));
    report(`${message}\n`);
    return code;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args, Deno.cwd()));
