import { pageCode } from "../lib/page/page_code.ts";
import type { PagePackages } from "../lib/page/page_packages.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Bundles the scripts of the pages: they change with the code alone, not with the data. */
export default defineTask({
  description: "Bundles the scripts of the pages for a browser",
  inputs: { packages: { kind: "json" } },
  outputs: { code: { kind: "json" } },
  async run({ inputs, outputs, log }): Promise<void> {
    const packages = JSON.parse(await Deno.readTextFile(inputs.packages!.path)) as PagePackages;
    const code = await pageCode(packages);
    log(JSON.stringify(Object.fromEntries(
      Object.entries(code).map(([name, text]) => [name, text.length]),
    )));
    await Deno.writeTextFile(outputs.code, JSON.stringify(code));
  },
});
