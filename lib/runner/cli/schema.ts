import { join } from "@std/path";
import { SCHEMA_FILE, workflowJsonSchema } from "./json_schema.ts";
import { writeAtomically } from "../../base/write_atomically.ts";
import type { Command } from "./command.ts";
import { write } from "./output.ts";

/** `schema`: writes workflow.schema.json, or checks whether it is up to date. */
export const schema: Command = async ({ root }, options) => {
  const path = join(root, SCHEMA_FILE);
  const text = workflowJsonSchema();
  const same = await Deno.readTextFile(path).then((now) => now === text, () => false);
  if (!same && !options.check) await writeAtomically(path, text);
  const now = same
    ? "up to date"
    : options.check
    ? "out of date; run: deno task schema"
    : "written";
  write(`${SCHEMA_FILE} is ${now}.\n`);
  return same || !options.check ? 0 : 1;
};
