import assert from "node:assert/strict";
import { workflowJsonSchema } from "../../lib/runner/cli/json_schema.ts";
import { allowed } from "../support.ts";

const HERE = new URL("../../", import.meta.url);

Deno.test({
  name: "the committed JSON Schema is that of the definition, and workflow.yaml names it first",
  ignore: !allowed("read"),
  fn: async () => {
    const committed = await Deno.readTextFile(new URL("workflow.schema.json", HERE));
    assert.equal(committed, workflowJsonSchema(), "run: deno task schema");
    const [first] = (await Deno.readTextFile(new URL("workflow.yaml", HERE))).split("\n");
    assert.equal(first, "# yaml-language-server: $schema=workflow.schema.json");
  },
});

Deno.test("the JSON Schema allows the fields of a target, and no others", () => {
  const { properties } = JSON.parse(workflowJsonSchema());
  const target = properties.targets.additionalProperties;
  assert.deepEqual(
    Object.keys(target.properties).sort(),
    ["description", "env", "for", "inputs", "on_request", "outputs", "params", "resources", "task"],
  );
  assert.equal(target.additionalProperties, false);
  assert.deepEqual(target.required, ["task"]);
});
