import assert from "node:assert/strict";
import { join } from "@std/path";
import { redact } from "../../lib/runner/secrets.ts";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("net", "read", "write", "run", "env");

const TOKEN = "hf_a-secret-of-tests";

function fetching(network: string, body: string): string {
  return `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Fetches",
  params: z.object({ factor: z.number() }),
  inputs: { number: { kind: "txt" } },
  outputs: { scaled: { kind: "txt" } },
  ${network}
  secrets: ["HF_TOKEN"],
  async run({ outputs, secrets, downloads, log, warn }) {
    ${body}
    await Deno.writeTextFile(outputs.scaled, "40");
  },
});
`;
}

Deno.test({
  name: "a task reaches the hosts that it declares, and no others",
  ignore,
  fn: async () => {
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response("40"),
    );
    const { port } = server.addr;
    await using project = await Project.create();
    const body = `await (await fetch("http://127.0.0.1:${port}/")).text();
    await Deno.writeTextFile(downloads + "/kept", "kept");`;
    for (const network of ["", `network: () => ["127.0.0.1:${port === 1 ? 2 : 1}"],`]) {
      await project.write("tasks/scale.ts", fetching(network, body));
      const { code, out } = await project.run("reproduce");
      assert.equal(code, 1);
      assert.match(out, /Permission denied: Requires net access.*hosts that it declares/);
    }
    await project.write("tasks/scale.ts", fetching(`network: () => ["127.0.0.1:${port}"],`, body));
    assert.equal((await project.run("reproduce")).code, 0);
    assert.deepEqual(await project.list("cache/downloads"), ["kept"]);
    await project.run("gc", "--keep", "30");
    assert.deepEqual(await project.list("cache/downloads"), ["kept"]);
    await Deno.utime(join(project.root, "cache/downloads/kept"), 1, 1);
    assert.match((await project.run("gc", "--keep", "30")).out, /1 leftovers/);
    assert.deepEqual(await project.list("cache/downloads"), []);
  },
});

Deno.test({
  name: "a secret is handed over, is no part of the key, and is struck out of all that is told",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const told = `if (secrets.HF_TOKEN !== Deno.env.get("HF_TOKEN")) throw new Error("none");
    log("log " + secrets.HF_TOKEN);
    console.error("printed " + secrets.HF_TOKEN);
    if (secrets.HF_TOKEN?.endsWith("!")) throw new Error("failed " + secrets.HF_TOKEN);
    warn("warning " + secrets.HF_TOKEN);`;
    await project.write("tasks/scale.ts", fetching("", told));
    const run = async (token: string): Promise<string> => {
      const { stdout, stderr } = await project.command(["reproduce"], { HF_TOKEN: token }).output();
      return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    };
    assert.match(await run(`${TOKEN}!`), /failed \[secret\]/);
    const out = await run(TOKEN);
    assert.match(out, /warning \[secret\]/);
    assert.match(await run("hf_another-secret"), /All 2 targets are fresh/);
    const records = await Promise.all(
      (await project.list("cache/records")).map((name) => project.read(`cache/records/${name}`)),
    );
    assert.match(records.join(), /log \[secret\]/);
    assert.match(records.join(), /printed \[secret\]/);
    assert.doesNotMatch(records.join() + out, new RegExp(TOKEN));
  },
});

Deno.test({
  name:
    "a secret that a task percent-encodes or encodes in base64 is redacted wherever it is reported",
  ignore,
  fn: async () => {
    const token = "hf_a+secret/of=tests";
    const forms = {
      plain: token,
      percent: encodeURIComponent(token),
      base64: btoa(`user:${token}`),
      base64url: btoa(`${token}`).replaceAll("+", "-").replaceAll("/", "_"),
    };
    // The first digits of base64 may hold what stood before.
    const shown = [token, forms.percent, forms.base64.slice(8, 30), forms.base64url.slice(0, 24)];
    await using project = await Project.create();
    const say = `const token = secrets.HF_TOKEN;
    const forms = [encodeURIComponent(token), btoa("user:" + token),
      btoa(token).replaceAll("+", "-").replaceAll("/", "_")];
    for (const form of forms) {
      log("log " + form);
      console.log("out " + form);
      console.error("err " + form);
      warn("warning " + form);
    }`;
    for (const [end, code] of [['throw new Error("failed " + forms);', 1], ["", 0]] as const) {
      await project.write("tasks/scale.ts", fetching("", `${say}\n${end}`));
      for (const more of [[], ["--json"]]) {
        const command = project.command(["reproduce", ...more], { HF_TOKEN: token });
        const { code: ended, stdout, stderr } = await command.output();
        const decoder = new TextDecoder();
        const told = decoder.decode(stdout) + decoder.decode(stderr);
        assert.equal(ended, code, told);
        for (const text of shown) assert.ok(!told.includes(text), told);
        if (more.length === 0) assert.match(told, /warning \[secret\]/);
        for (const file of await everyFile(join(project.root, "cache"))) {
          const kept = await Deno.readTextFile(file);
          for (const text of shown) assert.ok(!kept.includes(text), file);
        }
      }
    }
  },
});

async function everyFile(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const found = entries.filter(({ isSymlink }) => !isSymlink).map(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? everyFile(path) : [path];
  });
  return (await Promise.all(found)).flat();
}

Deno.test({
  name: "env in workflow.yaml names no secret, since its values are written into the cache",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    await project.edit(
      "workflow.yaml",
      "task: tasks/sum.ts",
      "task: tasks/sum.ts\n    env: [HF_TOKEN]",
    );
    const { code, err } = await project.run("reproduce");
    assert.equal(code, 2);
    assert.match(err, /HF_TOKEN is a secret, and env is written into the cache/);
  },
});

Deno.test({
  name: "an input may be a folder where its task says so; its key is that of the files in it",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const task = fetching(
      "",
      `
    const names = (await Array.fromAsync(Deno.readDir(inputs.number.path))).map(({ name }) => name);
    await Deno.writeTextFile(outputs.scaled, names.sort().join());
    if (1) return;`,
    ).replace("{ outputs,", "{ inputs, outputs,");
    await project.write("tasks/scale.ts", task);
    await project.edit("workflow.yaml", "number.txt", "numbers");
    await Deno.mkdir(join(project.root, "numbers"));
    await project.write("numbers/b", "2");
    assert.match((await project.run("reproduce")).err, /there is no file numbers/);
    await project.edit(
      "tasks/scale.ts",
      'kind: "txt" } },\n  outputs',
      'kind: "txt", folder: true } },\n  outputs',
    );
    assert.deepEqual(await project.ran("build", "cache/scaled.txt"), ["cache/scaled.txt"]);
    assert.equal(await project.read("cache/scaled.txt"), "b");
    assert.deepEqual(await project.ran("build", "cache/scaled.txt"), []);
    await project.write("numbers/a", "1");
    assert.deepEqual(await project.ran("build", "cache/scaled.txt"), ["cache/scaled.txt"]);
    await project.write("numbers/.hidden", "1");
    assert.deepEqual(await project.ran("build", "cache/scaled.txt"), []);
  },
});

Deno.test({
  name: "a reference may stand at the end of another: its value chooses the entry",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    const choice = "scale: { factor: 2, offset: 0 }\n  kind: two\n  by_kind: { one: 1, two: 2 }";
    await project.edit("workflow.yaml", "scale: { factor: 2, offset: 0 }", choice);
    await project.edit("workflow.yaml", "${scale.factor}", "${by_kind.${kind}}");
    await project.run("reproduce");
    assert.equal(await project.read("cache/scaled.txt"), "40");
    await project.run("reproduce", "--set", "kind=one");
    assert.equal(await project.read("cache/scaled.txt"), "20");
    const { code, err } = await project.run("reproduce", "--set", "kind=three");
    assert.equal(code, 2);
    assert.match(err, /--set kind: there is no by_kind\.three; .*(one|two)/);
  },
});

Deno.test("redact() replaces every secret in every text of a value, and leaves short ones alone", () => {
  assert.equal(redact(`a${TOKEN}b${TOKEN}`, { HF_TOKEN: TOKEN }), "a[secret]b[secret]");
  assert.equal(redact("a b", { HF_TOKEN: "a" }), "a b");
  assert.equal(redact("a b", {}), "a b");
  const secret = 'two\nlines"quoted';
  const message = { kind: "log", message: `it is ${secret}`, more: [secret] };
  assert.ok(!JSON.stringify(redact(message, { HF_TOKEN: secret })).includes("quoted"));
});
