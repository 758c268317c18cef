import assert from "node:assert/strict";
import { join } from "@std/path";
import { digestOf } from "../../lib/base/digest.ts";
import { Project } from "../runner/project.ts";
import { allowed } from "../support.ts";
import { type Entity, RULES } from "./run_crate_rules.ts";

const CODEMETA = {
  name: "A sum",
  description: "Scales a number and adds another",
  license: "https://spdx.org/licenses/MIT",
  author: [{ "@type": "Organization", name: "Those who add" }],
};

Deno.test({
  name: "crate writes a Provenance Run Crate that keeps every MUST of its profiles",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    const none = await project.run("crate");
    assert.equal(none.code, 2);
    assert.match(none.err, /^Cannot write the crate: codemeta\.json must give name/);
    await project.write("codemeta.json", JSON.stringify(CODEMETA));
    const { code, out, err } = await project.run("crate", "--set", "scale.offset=3");
    assert.equal(code, 0, err);
    assert.match(out, /Provenance Run Crate: figures\/crate\/ \(2 runs, \d+ files\)/);
    const folder = join(project.root, "figures/crate");
    const metadata = JSON.parse(await Deno.readTextFile(join(folder, "ro-crate-metadata.json")));
    const holds = (path: string, sha256?: unknown): boolean => {
      const digest = digestOf(Deno.readFileSync(join(folder, path)));
      return sha256 === undefined || digest === sha256;
    };
    for (const [source, must, broken] of RULES) {
      assert.deepEqual(broken({ metadata, holds }), [], `${source}: ${must}`);
    }
    const graph: readonly Entity[] = metadata["@graph"];
    const named = (name: string): Entity | undefined =>
      graph.find((entity) => entity["name"] === name);
    // The params are those of the run, not those of workflow.yaml.
    assert.deepEqual([named("offset")?.["additionalType"], named("factor")?.["additionalType"]], [
      "Integer",
      "Integer",
    ]);
    const values = graph.filter((entity) => entity["@type"] === "PropertyValue");
    assert.deepEqual(values.map(({ name, value }) => [name, value]), [["factor", 2], [
      "offset",
      3,
    ]]);
    assert.equal(holds("figures/sum.txt", digestOf("43")), true);
    // What a person gave is named by its digest and not handed out: number.txt holds 20.
    const own = named("number.txt")?.["@id"];
    assert.equal(own, "ni:///sha-256;9co490ih1ur3JrikL7V1w8cfGGSoFDMBeC3hPaLZICs");
    await assert.rejects(Deno.stat(join(folder, "number.txt")));
    // No path of this machine is in it.
    assert.ok(!JSON.stringify(metadata).includes(project.root));
  },
});

Deno.test({
  name: "crate --out packs a zip file, from the folder in which one stands",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.write("codemeta.json", JSON.stringify(CODEMETA));
    await Deno.mkdir(join(project.root, "sub"));
    const env = { INIT_CWD: join(project.root, "sub") };
    const { code } = await project.command(["crate", "--out", "crate.zip"], env).output();
    assert.equal(code, 0);
    const bytes = await Deno.readFile(join(project.root, "sub/crate.zip"));
    const { unzipSync } = await import("fflate");
    const names = Object.keys(unzipSync(bytes));
    for (const name of ["ro-crate-metadata.json", "workflow.yaml", "figures/sum.txt"]) {
      assert.ok(names.includes(name), name);
    }
    // The results themselves stayed in the cache.
    assert.deepEqual(await project.list("figures"), []);
  },
});
