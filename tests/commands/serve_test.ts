import assert from "node:assert/strict";
import { join } from "@std/path";
import { answer } from "../../lib/commands/serve.ts";
import { allowed } from "../support.ts";

Deno.test({
  name: "answer() gives files of the folder with their types, and nothing outside it",
  ignore: !allowed("read", "write"),
  fn: async () => {
    const root = await Deno.makeTempDir({ prefix: "serve-" });
    const folder = join(root, "figures");
    await Deno.mkdir(join(folder, "report"), { recursive: true });
    await Deno.writeTextFile(join(folder, "report/index.html"), "page");
    await Deno.writeTextFile(join(folder, "a.csv"), "1");
    await Deno.writeTextFile(join(folder, ".hidden.csv"), "1");
    await Deno.writeTextFile(join(root, "secret.csv"), "secret");
    await Deno.symlink(join(root, "secret.csv"), join(folder, "link.csv"));
    const ask = (path: string, method = "GET"): Promise<Response> =>
      answer(new Request(`http://localhost${path}`, { method }), folder);
    const page = await ask("/report/index.html");
    assert.equal(await page.text(), "page");
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal((await ask("/a.csv")).headers.get("content-type"), "text/csv; charset=utf-8");
    assert.equal((await ask("/")).headers.get("location"), "/report/index.html");
    const head = await ask("/a.csv", "HEAD");
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    for (
      const path of [
        "/..%2fsecret.csv",
        "/%2e%2e/secret.csv",
        "/..%5csecret.csv",
        "/link.csv",
        "/.hidden.csv",
        "/a.csv%00",
        "/none.csv",
        "/report",
      ]
    ) {
      const response = await ask(path);
      assert.notEqual(response.status, 200, path);
      assert.doesNotMatch(await response.text(), /secret\n?$/);
    }
    assert.equal((await ask("/a.csv", "POST")).status, 405);
    assert.equal((await ask("/%ff")).status, 400);
    await Deno.remove(root, { recursive: true });
  },
});
