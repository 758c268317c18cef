import assert from "node:assert/strict";
import { allowed } from "../support.ts";
import { Project } from "./project.ts";

const ignore = !allowed("read", "write", "run", "env");

/** Words after `deno task`, the last one begun, and what may stand for it. */
const CASES: readonly (readonly [words: readonly string[], expected: readonly string[]])[] = [
  [["re"], ["reproduce", "report"]],
  [["build", "fig"], ["figures/sum.txt"]],
  [["build", ""], ["cache/scaled.txt", "figures/sum.txt"]],
  [["reproduce", "--k"], ["--keep-going"]],
  [["reproduce", "--set", "scale."], ["scale.factor=", "scale.offset="]],
  [["graph", "--format", "s"], ["svg"]],
  [["captions", "--format", "t"], ["tex"]],
  [["reproduce", "--executor", "s"], ["slurm"]],
  [["reproduce", ""], []],
  [["completion", ""], ["bash", "zsh", "fish"]],
  [["nonsense", ""], []],
];

Deno.test({
  name: "complete offers commands, options, their values, params and targets",
  ignore,
  fn: async () => {
    await using project = await Project.create();
    for (const [words, expected] of CASES) {
      const { out, err } = await project.run("complete", ...words);
      assert.equal(err, "");
      assert.deepEqual(out.split("\n").filter((line) => line !== ""), expected);
    }
    await project.write("workflow.yaml", "targets: [");
    assert.deepEqual(await project.run("complete", "build", ""), { code: 0, out: "", err: "" });
  },
});

/** How each shell is asked for the completions of `deno task build fig`. */
const ASK: Readonly<Record<string, string>> = {
  bash: "source ./script; COMP_WORDS=(deno task build fig); COMP_CWORD=3; _deno_workflow; " +
    'printf "%s\\n" "${COMPREPLY[@]}"',
  fish: "source ./script; complete -C 'deno task build fig'",
};

for (const [shell, command] of Object.entries(ASK)) {
  Deno.test({
    name: `the completion script works in ${shell}`,
    ignore: ignore || !await installed(shell),
    fn: async () => {
      await using project = await Project.create();
      await project.write("script", (await project.run("completion", shell)).out);
      const { stdout, stderr } = await new Deno.Command(shell, {
        args: ["-c", command],
        cwd: project.root,
      }).output();
      assert.equal(new TextDecoder().decode(stderr), "");
      assert.equal(new TextDecoder().decode(stdout), "figures/sum.txt\n");
    },
  });
}

Deno.test({
  name: "the completion script is sound zsh",
  ignore: ignore || !await installed("zsh"),
  fn: async () => {
    await using project = await Project.create();
    await project.write("script", (await project.run("completion", "zsh")).out);
    const { code } = await new Deno.Command("zsh", { args: ["-n", "script"], cwd: project.root })
      .output();
    assert.equal(code, 0);
  },
});

async function installed(shell: string): Promise<boolean> {
  if (ignore) return false;
  try {
    return (await new Deno.Command(shell, { args: ["-c", "true"] }).output()).success;
  } catch {
    return false;
  }
}
