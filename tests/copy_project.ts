import { fromFileUrl, join } from "@std/path";
import { copyTree } from "./copy_tree.ts";

const SOURCE = fromFileUrl(new URL("../", import.meta.url));

/** A copy of this project without what was built, in a temporary folder. */
export async function copyProject(): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "project-test-" });
  for (const path of ["lib", "tasks", "workflow.yaml", "deno.lock"]) {
    await copyTree(join(SOURCE, path), join(root, path));
  }
  const config = JSON.parse(await Deno.readTextFile(join(SOURCE, "deno.json")));
  const text = JSON.stringify({ ...config, nodeModulesDir: "none" });
  await Deno.writeTextFile(join(root, "deno.json"), text);
  return root;
}

/** How a command ended, and all that it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command of a copied project.
 *
 * @param root The project.
 * @param args The command and its arguments.
 * @param env Variables; undefined takes one away. No token of the tester's is found.
 */
export async function runIn(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  const all = {
    ...Deno.env.toObject(),
    ...{ NO_COLOR: "1", HF_HOME: join(root, "no-hub"), HF_TOKEN: "" },
    ...env,
  };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "lib/main.ts", ...args],
    cwd: root,
    clearEnv: true,
    env: Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
    ),
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
