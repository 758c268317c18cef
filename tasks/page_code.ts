import { pageCode } from "../lib/page/page_code.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Bundles the scripts of the pages: they change with the code alone, not with the data. */
export default defineTask({
  description: "Bundles the scripts of the pages for a browser",
  inputs: {},
  outputs: { code: { kind: "json" } },
  async run({ outputs, log }): Promise<void> {
    const code = await pageCode();
    log(JSON.stringify(Object.fromEntries(
      Object.entries(code).map(([name, text]) => [name, text.length]),
    )));
    await Deno.writeTextFile(outputs.code, JSON.stringify(code));
  },
});
