import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { allowed } from "../support.ts";
import { auditCache } from "./cache_audit.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Five targets of one task, whose module counts its runs. */
async function counting(): Promise<Project> {
  const project = await Project.create();
  await project.write(
    "workflow.yaml",
    await project.read("workflow.yaml") + `  figures/sum_\${offset}.txt:
    for: { offset: [1, 2, 3, 4, 5] }
    task: tasks/sum.ts
    inputs: { a: cache/scaled.txt }
    params: { offset: \${offset} }
`,
  );
  await project.edit("tasks/sum.ts", "export default", "let runs = 0;\nexport default");
  await project.edit("tasks/sum.ts", "const a =", "log(`run ${++runs}`);\n    const a =");
  return project;
}

/** What the runs of the task logged. */
async function logs(project: Project): Promise<string[]> {
  const records = await Promise.all(
    (await project.list("cache/records")).map((name) => project.read(`cache/records/${name}`)),
  );
  return records.map((text) => JSON.parse(text)).flatMap(({ log }) => log as string[])
    .filter((line) => line.startsWith("run ")).sort();
}

Deno.test({
  name: "a task finds nothing in memory of the one before it",
  ignore,
  fn: async () => {
    await using project = await counting();
    assert.equal((await project.run("reproduce", "--jobs", "1")).code, 0);
    assert.deepEqual(await logs(project), Array(6).fill("run 1"));
  },
});

Deno.test({
  name: "a task reads the files of its packages where node_modules is a link to another folder",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const installed = fromFileUrl(new URL("../../node_modules", import.meta.url));
    await Deno.symlink(installed, join(project.root, "node_modules"));
    await project.edit("deno.json", '"nodeModulesDir":"none"', '"nodeModulesDir":"manual"');
    const font = '"dejavu-fonts-ttf/ttf/DejaVuSans.ttf"';
    await project.edit(
      "tasks/sum.ts",
      "const a =",
      `await Deno.stat(new URL(import.meta.resolve(${font})));\n    const a =`,
    );
    const imported = `import "dejavu-fonts-ttf/package.json" with { type: "json" };\n`;
    await project.write("tasks/sum.ts", imported + await project.read("tasks/sum.ts"));
    const { code, out, err } = await project.run("reproduce");
    assert.equal(code, 0, out + err);
  },
});

Deno.test({
  name: "a task may read its inputs and write its outputs, and nothing else",
  ignore,
  fn: async (t) => {
    await using project = await counting();
    const good = await project.read("tasks/sum.ts");
    const bodies: readonly (readonly [what: string, body: string, says: RegExp])[] = [
      [
        "reads",
        'await Deno.readTextFile("number.txt");',
        /Requires read access to "number\.txt"|Permission denied/,
      ],
      ["reads the cache", 'Array.from(Deno.readDirSync("cache"));', /Requires read access/],
      ["writes its input", 'await Deno.writeTextFile(inputs.a!.path, "0");', /write access/],
      [
        "writes too much",
        'await Deno.writeTextFile(outputs.sum + "2", "");',
        /is not an output of it/,
      ],
      ["writes too little", "return;", /did not write its output sum/],
      ["throws", 'throw new Error("on purpose");', /on purpose/],
    ];
    for (const [what, body, says] of bodies) {
      await t.step(what, async () => {
        await project.write("tasks/sum.ts", good.replace("const a =", `${body}\n    const a =`));
        const { code, out } = await project.run("reproduce", "--jobs", "1", "--keep-going");
        assert.equal(code, 1, out);
        assert.match(out, says);
        await auditCache(project);
      });
    }
    await project.write("tasks/sum.ts", good);
    assert.equal((await project.run("reproduce")).code, 0);
    await auditCache(project);
  },
});
