import { z } from "zod";
import { pagePackages } from "../lib/page/page_packages.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Bundles the packages in the pages' scripts: they change with their versions alone. */
export default defineTask({
  description: "Bundles the packages in the pages' scripts for a browser",
  params: z.object({}),
  inputs: {},
  outputs: { packages: { kind: "json" } },
  async run({ outputs }): Promise<void> {
    await Deno.writeTextFile(outputs.packages, JSON.stringify(await pagePackages()));
  },
});
