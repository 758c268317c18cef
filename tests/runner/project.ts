/**
 * A small project in a temporary folder, with the runner's real command line.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { copyTree } from "../copy_tree.ts";

const SOURCE = fromFileUrl(new URL("../../", import.meta.url));

/** workflow.yaml of the small project: a number is scaled, and two are added. */
export const WORKFLOW = `version: 1
params:
  seed: 0
  scale: { factor: 2, offset: 0 }
targets:
  cache/scaled.txt:
    task: tasks/scale.ts
    inputs: { number: number.txt }
    params: { factor: \${scale.factor} }
  figures/sum.txt:
    task: tasks/sum.ts
    inputs: { a: cache/scaled.txt }
    params: { offset: \${scale.offset} }
`;

const SCALE = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
import { round } from "../lib/round.ts";
export default defineTask({
  description: "Scales a number",
  params: z.object({ factor: z.number() }),
  inputs: { number: { kind: "txt" } },
  outputs: { scaled: { kind: "txt" } },
  async run({ params, inputs, outputs }) {
    const number = Number(await Deno.readTextFile(inputs.number!.path));
    await Deno.writeTextFile(outputs.scaled, String(round(number * params.factor)));
  },
});
`;

const SUM = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Adds an offset",
  params: z.object({ offset: z.number() }),
  inputs: { a: { kind: "txt" } },
  outputs: { sum: { kind: "txt" } },
  async run({ params, inputs, outputs, log }) {
    const a = Number(await Deno.readTextFile(inputs.a!.path));
    log(\`the sum of \${a} and \${params.offset}\`);
    await Deno.writeTextFile(outputs.sum, String(a + params.offset));
  },
});
`;

/** What a command printed, and how it ended. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Kills a process, unless it has just ended by itself. */
export function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // Then there is nothing to kill.
  }
}

const PROGRAM = [
  ...["lib/runner", "lib/base", "lib/commands", "lib/fetch/hub_token.ts"],
  ...["lib/main.ts", "deno.lock"],
];

/** Copies the command line to a folder, without the paper's numbers. */
export async function copyProgram(root: string): Promise<void> {
  for (const path of PROGRAM) await copyTree(join(SOURCE, path), join(root, path));
  const config = JSON.parse(await Deno.readTextFile(join(SOURCE, "deno.json")));
  // The packages come from Deno's cache: a folder of their own for each test would be slow.
  const text = JSON.stringify({ ...config, nodeModulesDir: "none" });
  await Deno.writeTextFile(join(root, "deno.json"), text);
}

/** A project to be used up by one test. */
export class Project implements AsyncDisposable {
  readonly root: string;
  readonly #folder: string;

  private constructor(folder: string, root: string) {
    this.#folder = folder;
    this.root = root;
  }

  /**
   * Sets the small project up.
   *
   * @param name Name of its folder, where that matters.
   */
  static async create(name = ""): Promise<Project> {
    const folder = await Deno.makeTempDir({ prefix: "workflow-test-" });
    const project = new Project(folder, join(folder, name));
    await Deno.mkdir(project.root, { recursive: true });
    await Deno.mkdir(join(project.root, "tasks"));
    await copyProgram(project.root);
    await project.write("workflow.yaml", WORKFLOW);
    await project.write("tasks/scale.ts", SCALE);
    await project.write("tasks/sum.ts", SUM);
    await project.write("lib/round.ts", "export const round = Math.round;\n");
    await project.write("number.txt", "20");
    return project;
  }

  /** A command of the workflow as a process, its output piped. */
  command(args: readonly string[], env: Readonly<Record<string, string>> = {}): Deno.Command {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", "lib/main.ts", ...args],
      cwd: this.root,
      env: { NO_COLOR: "1", INIT_CWD: this.root, ...env },
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Runs a command of the workflow. */
  async run(...args: string[]): Promise<Run> {
    const { code, stdout, stderr } = await this.command(args).output();
    const decoder = new TextDecoder();
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }

  /** The targets whose tasks ran. */
  async ran(...args: string[]): Promise<string[]> {
    const { out } = await this.run(...args);
    return [...out.matchAll(/^built\s+(\S+)/gm)].map(([, name]) => name ?? "");
  }

  /** Writes a file of the project. */
  async write(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(join(this.root, path), text);
  }

  /** Changes a file of the project. */
  async edit(path: string, from: string, to: string): Promise<void> {
    const text = await this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not contain ${from}`);
    await this.write(path, text.replace(from, to));
  }

  /** Reads a file of the project. */
  async read(path: string): Promise<string> {
    return await Deno.readTextFile(join(this.root, path));
  }

  /** The names in a folder of the project, none if there is no folder. */
  async list(path: string): Promise<string[]> {
    try {
      return (await Array.fromAsync(Deno.readDir(join(this.root, path)))).map(({ name }) => name);
    } catch {
      return [];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
