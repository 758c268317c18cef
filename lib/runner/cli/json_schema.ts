import { z } from "zod";
import { workflowDefinition } from "../config/definition.ts";

/** Name of the committed JSON Schema, beside workflow.yaml. */
export const SCHEMA_FILE = "workflow.schema.json";

/** The JSON Schema of workflow.yaml as text, from the definition that the runner itself checks. */
export function workflowJsonSchema(): string {
  const schema = z.toJSONSchema(workflowDefinition, { io: "input" });
  const titled = { ...schema, title: "workflow.yaml", description: "What is made, and from what" };
  return `${JSON.stringify(titled, null, 2)}\n`;
}
