import assert from "node:assert/strict";
import { join } from "@std/path";
import { digestOf } from "../../lib/base/digest.ts";
import { CodeDigests } from "../../lib/runner/code_digests.ts";
import type { RunRecord } from "../../lib/runner/record.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { Project } from "./project.ts";
import { repetitions } from "./soak.ts";

const ignore = !allowed("read", "write", "run", "env");

const VERSIONS = ["1", "2", "3"] as const;
/** Digests of code, none of them remembered. */
const CODE = new CodeDigests("");

/** A task that writes which code it ran and what it read. */
const task = (version: string, input: string, output: string): string =>
  `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
import { MODULE } from "../lib/module.ts";
export default defineTask({
  description: "Writes what it is made of",
  params: z.object({}),
  inputs: { ${input}: { kind: "txt" } },
  outputs: { ${output}: { kind: "txt" } },
  async run({ inputs, outputs }) {
    const text = await Deno.readTextFile(inputs.${input}!.path);
    await Deno.writeTextFile(outputs.${output}, \`[task ${version} module \${MODULE} \${text}]\`);
  },
});
`;

/** The files that are edited, by what each version of them holds. */
const FILES: Readonly<Record<string, (version: string) => string>> = {
  "tasks/scale.ts": (version) => task(version, "number", "scaled"),
  "tasks/sum.ts": (version) => task(version, "a", "sum"),
  "lib/module.ts": (version) => `export const MODULE: number = ${version};\n`,
  "number.txt": (version) => `number ${version}`,
};

const WORKFLOW = `version: 1
params: { seed: 0 }
targets:
  cache/scaled.txt: { task: tasks/scale.ts, inputs: { number: number.txt } }
  figures/sum.txt: { task: tasks/sum.ts, inputs: { a: cache/scaled.txt } }
`;

/** What a record's output must hold, by the digests in its manifest. */
function expected({ manifest }: RunRecord, made: ReadonlyMap<string, string>): string {
  const versionOf = (path: string): string => {
    const bytes = (version: string): Uint8Array => new TextEncoder().encode(FILES[path]!(version));
    const found = VERSIONS.find((v) => CODE.of(path, bytes(v)) === manifest.modules[path]);
    return found ?? assert.fail(`${path} is of no version`);
  };
  const [input] = Object.values(manifest.inputs);
  const text = made.get(input!) ??
    VERSIONS.map(FILES["number.txt"]!).find((text) => digestOf(text) === input) ??
    assert.fail("the input is of no version");
  const code = `task ${versionOf(manifest.task)} module ${versionOf("lib/module.ts")}`;
  return `[${code} ${text}]`;
}

/** Fails if the output of a record is not that of the code and the inputs in its key. */
async function auditRecords(project: Project): Promise<void> {
  await auditCache(project);
  const records: RunRecord[] = [];
  for (const name of await project.list("cache/records")) {
    if (name.endsWith(".json")) {
      records.push(JSON.parse(await project.read(`cache/records/${name}`)));
    }
  }
  const made = new Map<string, string>();
  for (const { outputs } of records) {
    for (const { digest } of Object.values(outputs)) {
      const content = `cache/contents/${digest.slice(0, 2)}/${digest}`;
      made.set(digest, await project.read(content));
    }
  }
  for (const record of records) {
    const [output] = Object.values(record.outputs);
    assert.equal(made.get(output!.digest), expected(record, made), record.target);
  }
}

Deno.test({
  name: "edits of code and inputs at random moments of a run, and their undoing, poison no record",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.write("workflow.yaml", WORKFLOW);
    const now: Record<string, string> = {};
    for (const [path, text] of Object.entries(FILES)) {
      now[path] = "1";
      await project.write(path, text("1"));
    }
    await project.run("reproduce");
    // The second run finds all modules compiled, as those below do.
    await project.write("number.txt", FILES["number.txt"]!(now["number.txt"] = "2"));
    const began = performance.now();
    await project.run("reproduce");
    const whole = performance.now() - began;
    const random = stream(0, "edits");
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
    for (let n = 0; n < repetitions(8, 500); n++) {
      const run = project.command(["reproduce"]).output();
      for (let edits = 1 + Math.floor(3 * random()); edits > 0; edits--) {
        await new Promise((done) => setTimeout(done, random() * whole * 0.6));
        const path = pick(Object.keys(FILES));
        const { mtime } = await Deno.stat(join(project.root, path));
        const undone = random() < 0.5 ? now[path]! : undefined;
        now[path] = pick(VERSIONS);
        await project.write(path, FILES[path]!(now[path]));
        // A clock that stands still: the size is the same, and so may be the time.
        if (random() < 0.5) await Deno.utime(join(project.root, path), mtime!, mtime!);
        if (undone === undefined) continue;
        await new Promise((done) => setTimeout(done, random() * whole * 0.3));
        now[path] = undone;
        await project.write(path, FILES[path]!(undone));
      }
      await run;
      await auditRecords(project);
      const { code, err } = await project.run("reproduce");
      assert.deepEqual({ code, err }, { code: 0, err: "" });
      const code1 = `task ${now["tasks/scale.ts"]} module ${now["lib/module.ts"]}`;
      const code2 = `task ${now["tasks/sum.ts"]} module ${now["lib/module.ts"]}`;
      assert.equal(
        await project.read("figures/sum.txt"),
        `[${code2} [${code1} number ${now["number.txt"]}]]`,
        `after run ${n}`,
      );
    }
  },
});
