import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { allowed } from "../support.ts";
import { Project } from "../runner/project.ts";

const CLAIM = { figure: "fig", statement: "s", source: "o", measured: "m", atEdge: false };

/** A project whose one target is a claim that fails. */
async function project(expected: boolean): Promise<Project> {
  const made = await Project.create();
  await Deno.mkdir(`${made.root}/lib/claims`);
  const claim = new URL("../../lib/claims/claim.ts", import.meta.url);
  await Deno.copyFile(fromFileUrl(claim), `${made.root}/lib/claims/claim.ts`);
  await made.edit("tasks/sum.ts", "String(a + params.offset)", "params.text");
  await made.edit("tasks/sum.ts", "offset: z.number() }", "text: z.string() }");
  await made.edit("tasks/sum.ts", "and ${params.offset}", "and ${params.text}");
  await made.edit("tasks/sum.ts", 'kind: "txt" } },\n  async', 'kind: "json" } },\n  async');
  await made.edit("workflow.yaml", "figures/sum.txt", "cache/claims_x.json");
  const text = JSON.stringify([{ ...CLAIM, expected, holds: false }]);
  await made.edit("workflow.yaml", "offset: ${scale.offset}", `text: '${text}'`);
  return made;
}

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name: "claims --json prints JSON alone to standard output, built, fresh or with --dry-run",
  ignore,
  fn: async () => {
    await using made = await project(false);
    const states = JSON.parse((await made.run("claims", "--dry-run", "--json")).out);
    assert.ok(states.some(({ target }: { target: string }) => target === "cache/claims_x.json"));
    for (const when of ["built", "fresh"]) {
      const { code, out, err } = await made.run("claims", "--json");
      const claims = [{ ...CLAIM, expected: false, holds: false }];
      assert.deepEqual(JSON.parse(out), [{ target: "cache/claims_x.json", claims }], when);
      assert.equal(code, 0, err);
    }
  },
});

Deno.test({
  name: "claims exits with 1 where a statement fails that is expected to hold, and says so",
  ignore,
  fn: async () => {
    for (const expected of [true, false]) {
      await using made = await project(expected);
      const { code, out } = await made.run("claims");
      assert.equal(code, expected ? 1 : 0);
      assert.match(out, expected ? /^FAILS {2}s$/m : /^fails {2}s\n {7}as expected: m$/m);
      const counts = expected ? "0 fail as expected; 1 fails" : "1 fails as expected; 0 fail";
      assert.ok(out.endsWith(`0 of 1 statements hold; ${counts} unexpectedly.\n`), out);
    }
  },
});
