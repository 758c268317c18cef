import assert from "node:assert/strict";
import { join } from "@std/path";
import { safeUrl } from "../../lib/shared_cache/settings.ts";
import { allowed } from "../support.ts";
import type { Project, Run } from "../runner/project.ts";
import { createProject, PlayedCache } from "./played_cache.ts";

const ignore = !allowed("net", "read", "write", "run", "env");

/** Whether a program is installed. */
function installed(name: string): boolean {
  if (ignore) return false;
  try {
    return new Deno.Command(name, { args: ["-v"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

/** Runs `cache` with a token, if one is given. */
async function cache(
  project: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const clean = { SE_CACHE_TOKEN: "", GITHUB_EVENT_NAME: "", CI_MERGE_REQUEST_IID: "" };
  const { code, stdout, stderr } = await project.command(["cache", ...args], { ...clean, ...env })
    .output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** nginx with the location that the documentation gives. */
async function startNginx(folder: string): Promise<{ url: string; process: Deno.ChildProcess }> {
  const guide = await Deno.readTextFile(new URL("../../docs/sharing.md", import.meta.url));
  const [, location = ""] = /```nginx\n([\s\S]*?)```/.exec(guide) ?? [];
  const [data, temporary] = [join(folder, "data"), join(folder, "temporary")];
  for (const path of [data, temporary]) await Deno.mkdir(path);
  using free = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${temporary};`).join(" ");
  const config = join(folder, "nginx.conf");
  await Deno.writeTextFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/pid; ${Deno.uid() === 0 ? "user root;" : ""}
error_log ${folder}/error.log; events {}
http { access_log ${folder}/access.log; ${paths} server { listen 127.0.0.1:${port};
${location.replace("/srv/cache", data).replace("TOKEN", "secret")} } }`,
  );
  const process = new Deno.Command("nginx", {
    args: ["-c", config, "-e", `${folder}/error.log`],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  for (let tried = 0; tried < 100; tried++) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  return { url, process };
}

Deno.test({
  name: "cache push and cache pull share results by nginx: the second clone builds nothing",
  ignore: !installed("nginx"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "nginx-test-" });
    const { url, process } = await startNginx(folder);
    try {
      await using owner = await createProject();
      await using reader = await createProject();
      await owner.run("reproduce");
      const refused = await cache(owner, ["push", "--url", url], { SE_CACHE_TOKEN: "wrong" });
      assert.equal(refused.code, 1);
      assert.match(
        refused.err,
        /it does not accept the token; check SE_CACHE_TOKEN \(status 403\)/,
      );
      const pushed = await cache(owner, ["push", "--url", url], { SE_CACHE_TOKEN: "secret" });
      assert.match(pushed.out, /2 targets pushed \(4 bytes\), 0 were there/);
      const again = await cache(owner, ["push", "--url", url], { SE_CACHE_TOKEN: "secret" });
      assert.match(again.out, /0 targets pushed \(0 bytes\), 2 were there/);

      const status = await cache(reader, ["status", "--url", url]);
      assert.match(status.out, /2 targets: 2 only there\. To pull: 2 bytes\./);
      const pulled = await cache(reader, ["pull", "--url", url, "--check", "--sample", "1"]);
      assert.equal(pulled.code, 0, pulled.err);
      assert.match(pulled.out, /2 targets pulled .*, 0 were here, 0 not in the cache/);
      assert.match(pulled.err, /same +\S+ in/);
      assert.equal(await reader.read("figures/sum.txt"), "40");
      assert.match((await reader.run("reproduce")).out, /All 2 targets are fresh; no task ran/);

      const odd = await fetch(`${url}/cas/evil`, {
        method: "PUT",
        headers: { authorization: "Bearer secret" },
        body: "x",
      });
      await odd.body?.cancel();
      assert.ok(odd.status >= 400, String(odd.status));
    } finally {
      process.kill("SIGTERM");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "cache export and cache import carry results without a network",
  ignore,
  fn: async () => {
    await using owner = await createProject();
    await using reader = await createProject();
    const file = join(owner.root, "results.zip");
    const early = await cache(owner, ["export", file]);
    assert.equal(early.code, 2);
    assert.match(early.err, /it has no current result; build it first, with: deno task build/);
    await owner.run("reproduce");
    assert.match((await cache(owner, ["export", file])).out, /holds the results of 2 targets/);
    const first = await Deno.readFile(file);
    await cache(owner, ["export", file]);
    assert.deepEqual(await Deno.readFile(file), first);

    const imported = await cache(reader, ["import", file]);
    assert.match(imported.out, /2 targets pulled .*, 0 not in the cache/);
    assert.match((await reader.run("reproduce")).out, /All 2 targets are fresh; no task ran/);

    await Deno.remove(join(reader.root, "cache"), { recursive: true });
    await reader.edit("workflow.yaml", "factor: 2", "factor: 3");
    const other = await cache(reader, ["import", file, "--check"]);
    assert.equal(other.code, 1);
    assert.match(other.out, /2 not in the cache: .*; deno task reproduce builds the rest/);
    assert.match(other.out, /between those and what is wanted here:\n {2}param factor 2 → 3/);

    await using server = new PlayedCache();
    server.files.set("results.zip", first);
    await reader.edit("workflow.yaml", "factor: 3", "factor: 2");
    const token = { SE_CACHE_TOKEN: "secret" };
    const fetched = await cache(reader, ["import", `${server.url}/results.zip`], token);
    assert.match(fetched.out, /2 targets pulled/);
    assert.ok(server.seen.every((seen) => !seen.includes("secret")), String(server.seen));
    const gone = await cache(reader, ["import", `${server.url}/other.zip`]);
    assert.equal(gone.code, 1);
    assert.match(gone.err, /does not give it \(status 404\)/);
  },
});

Deno.test({
  name: "cache refuses what it cannot use, in words",
  ignore,
  fn: async (t) => {
    await using project = await createProject();
    await project.run("reproduce");
    await cache(project, ["export", "results.zip"]);
    const whole = await Deno.readFile(join(project.root, "results.zip"));
    await Deno.writeFile(join(project.root, "half.zip"), whole.subarray(0, whole.length >> 1));
    const damaged = whole.map((byte, i) => i > 300 && i < 400 ? byte ^ 1 : byte);
    await Deno.writeFile(join(project.root, "damaged.zip"), damaged);
    await Deno.remove(join(project.root, "cache"), { recursive: true });
    const url = "http://127.0.0.1:1";
    const cases: readonly [args: string[], code: number, says: RegExp, env?: object][] = [
      [[], 2, /cache needs pull \| push/],
      [["pul"], 2, /There is no cache pul; did you mean pull\?/],
      [["pull"], 2, /No shared cache is named: give --url URL, or write cache: /],
      [["pull", "--url", "cache"], 2, /Cannot use cache: it is not an address/],
      [["pull", "--url", url, "figures/sun.txt"], 2, /did you mean figures\/sum\.txt/],
      [["pull", "--url", url, "--only", "--sample", "1"], 2, /cannot be combined with --only/],
      [["pull", "--url", url, "--check"], 1, /no connection.*\n.*counts as not there/],
      [["pull", "--url", url], 2, /plain letters/, { SE_CACHE_TOKEN: "ü" }],
      [["push", "--url", url], 2, /SE_CACHE_TOKEN is not set, so it is only read/],
      [["push", "--url", url, "--sample=1"], 2, /cache push has no option --sample/],
      [["push", "--url", url], 2, /from a pull request \(GITHUB_EVENT_NAME/, {
        SE_CACHE_TOKEN: "secret",
        GITHUB_EVENT_NAME: "pull_request_target",
      }],
      [["export", "figures/sum.txt"], 2, /give a name that ends in \.zip/],
      [["export", "x.zip"], 2, /holds no Ed25519 private key/, {
        SE_CACHE_SIGNING_KEY: "number.txt",
      }],
      [["import", "none.zip"], 2, /there is no such file/],
      [["import", "half.zip"], 2, /not a zip file, or a damaged one/],
      [["import", "http://example.org/x.zip"], 2, /only https is used/],
    ];
    for (const [args, code, says, env] of cases) {
      await t.step(`cache ${args.join(" ")}`, async () => {
        const run = await cache(project, args, { ...env });
        assert.match(run.err, says);
        assert.equal(run.code, code, run.err);
        assert.deepEqual(await project.list("cache/records"), []);
      });
    }
    await t.step("cache import of an archive that is damaged in part", async () => {
      const { err, code } = await cache(project, ["import", "damaged.zip"]);
      assert.match(
        err,
        /refused +\S+: not a zip file, or a damaged one: ac\/\w+ cannot be unpacked/,
      );
      assert.equal(code, 1);
    });
    await t.step("the section cache of workflow.yaml", async () => {
      const write = async (section: string): Promise<void> =>
        await project.edit("workflow.yaml", "version: 1", `version: 1\ncache: ${section}`);
      await write("{ ulr: x, trusted_keys: [none] }");
      const { code, err } = await cache(project, ["pull"]);
      assert.equal(code, 2);
      assert.match(err, /workflow\.yaml:2:10: unknown field ulr in cache; did you mean url\?/);
      assert.match(err, /cache\.trusted_keys\.0: an Ed25519 public key in base64/);
    });
  },
});

Deno.test("safeUrl() allows https, and http of this machine alone", () => {
  for (
    const url of ["https://a.example/b", "http://127.0.0.1:80", "http://[::1]/", "http://localhost"]
  ) {
    assert.equal(safeUrl(url).href, new URL(url).href);
  }
  const refused = {
    "http://example.org": /only https is used, and http on this machine alone/,
    "http://localhost.example.org": /only https/,
    "http://128.0.0.1": /only https/,
    "ftp://example.org": /only https/,
    "file:///etc/passwd": /only https/,
    "https://user:secret@example.org": /address of example\.org: it holds a password/,
    "cache": /it is not an address/,
    "": /it is not an address/,
  };
  for (const [url, says] of Object.entries(refused)) assert.throws(() => safeUrl(url), says);
});
