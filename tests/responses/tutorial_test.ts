import assert from "node:assert/strict";
import { dirname, fromFileUrl, join } from "@std/path";
import { copyProject } from "../copy_project.ts";
import { allowed } from "../support.ts";

const TUTORIAL = fromFileUrl(new URL("../../docs/your-own-data.md", import.meta.url));

Deno.test({
  name: "the tutorial's commands work as they are written",
  ignore: !allowed("read", "write", "run", "env", "ffi"),
  fn: async () => {
    const [own = ""] = (await Deno.readTextFile(TUTORIAL)).split("\n# Other sources");
    const commands = [...own.matchAll(/^ {4}(deno .*)$/gm)].map(([, command]) => command ?? "");
    assert.equal(commands.length, 10);
    const root = await copyProject();
    const expected = [
      /^$/,
      /logs can be used/,
      /^subjects +24$/m,
      /built/,
      /fresh/,
      /^$/,
      /inspect can be used/,
      /^$/,
      /answers\.csv can be used/,
      /^Is the table large enough\? .*\n[^]*^skill 1: .* of the mass, .* mostly quiz 100\.0 %$/m,
    ];
    try {
      // The figures' font is read from the folder of packages, which a copy does not have.
      for (const file of ["deno.json", "package.json"]) {
        const source = new URL(`../../${file}`, import.meta.url);
        await Deno.copyFile(fromFileUrl(source), join(root, file));
      }
      for (const [i, command] of commands.entries()) {
        const { code, stdout, stderr } = await new Deno.Command("sh", {
          args: ["-c", command],
          cwd: root,
          env: { NO_COLOR: "1", PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` },
        }).output();
        const out = new TextDecoder().decode(stdout);
        assert.equal(code, 0, `${command}\n${out}${new TextDecoder().decode(stderr)}`);
        assert.match(out, expected[i]!);
        if (i === 4) assert.doesNotMatch(out, /stale|never built|failed/);
      }
      const csv = await Deno.readTextFile(join(root, "figures/fig_parallel_analysis.csv"));
      assert.doesNotMatch(csv, /simulated responses/);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
