import { endingOf } from "../../base/ending.ts";
import { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { CommandEntry, Program } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { INTERRUPTED } from "./interrupt.ts";
import { readOptions } from "./options.ts";
import { report, write } from "./output.ts";

/**
 * Runs one command of a project.
 *
 * @param args The command's name and its arguments.
 * @param program The project, with the commands and shorthands that it adds to the runner's.
 * @returns The exit code: 0 done, 1 a task failed (or `--check` found something out of date), 2 an
 * error in the command line, workflow.yaml or the data, 3 different output bytes (`verify`,
 * `--locked`), 130 interrupted.
 */
export async function main(args: readonly string[], program: Program): Promise<number> {
  const [name = "help", ...rest] = args;
  const commands: Readonly<Record<string, CommandEntry>> = { ...COMMANDS, ...program.commands };
  const help = async (name?: string): Promise<void> => {
    const { usage } = await import("./usage.ts");
    write(usage(commands, program, name));
  };
  try {
    if (name === "--help" || name === "help") {
      await help();
      return args.length === 0 ? 2 : 0;
    }
    if (name === "complete") {
      return await (await import("./complete.ts")).complete(program, commands, rest);
    }
    // What a job of a cluster runs on its node.
    if (name === "node") return await (await import("./node.ts")).node(program, rest);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new InputError(`There is no command ${name}${nearest(name, Object.keys(commands))}`);
    }
    const options = readOptions(
      rest,
      command.options,
      program.shorthands ?? [],
      command.formats,
      command.own,
    );
    if (options.help) {
      await help(name);
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
    return await (await command.load())(program, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return INTERRUPTED;
    const { message, code } = endingOf(error, program.root, Deno.env.has("DEBUG"));
    report(`${message}\n`);
    return code;
  }
}
