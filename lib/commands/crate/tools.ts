import { digestOf } from "../../base/digest.ts";
import { canonicalJson, FORMAT } from "../../runner/key.ts";
import type { Json, TaskId } from "../../runner/names.ts";
import { type Entity, fileOf, type ProjectFile, ref, refs, type Step, uri } from "./entity.ts";

const DENO = "https://deno.com/";
const TYPESCRIPT = "https://www.typescriptlang.org/";

/** The runner. */
export const ENGINE = "#runner";

/** The language of workflow.yaml. */
export const WORKFLOW_LANGUAGE = "#workflow-language";

/** The steps of each tool, which is a task's module. */
export function toolsOf(steps: readonly Step[]): ReadonlyMap<TaskId, readonly Step[]> {
  return Map.groupBy(steps, ({ target }) => target.taskId);
}

/** Name of a formal parameter of a tool. */
export function formal(task: TaskId, kind: "input" | "output" | "param", name: string): string {
  return `${uri(task)}#${kind}-${encodeURIComponent(name)}`;
}

/** A tool, which is a task's module, with its formal parameters. */
export function tool(
  id: TaskId,
  steps: readonly Step[],
  code: readonly ProjectFile[],
): Entity[] {
  const { target, record: { manifest } } = steps[0]!;
  const used = new Set(steps.flatMap(({ target }) => [...target.inputs.keys()]));
  const parameter = (kind: "input" | "output" | "param", name: string, type: string): Entity => ({
    "@id": formal(id, kind, name),
    "@type": "FormalParameter",
    additionalType: type,
    name,
  });
  const params = [...new Set(steps.flatMap(({ target }) => Object.keys(target.params)))]
    .map((name) =>
      parameter("param", name, typeOf(steps.map(({ target }) => target.params[name])))
    );
  const inputs = [...used].map((name) => parameter("input", name, "File"));
  const outputs = [...target.outputs.keys()].map((name) => parameter("output", name, "File"));
  return [
    {
      ...fileOf(id, code.find(({ name }) => name === id) ?? { digest: manifest.modules[id]! }),
      description: target.task.description || target.description,
      // The digest of the code that it imports, itself included.
      version: digestOf(canonicalJson(manifest.modules)),
      programmingLanguage: ref(TYPESCRIPT),
      softwareRequirements: [ref(DENO), ...Object.keys(manifest.packages).map(packageId).map(ref)],
      input: refs([...inputs, ...params]),
      output: refs(outputs),
    },
    ...inputs,
    ...params,
    ...outputs,
  ];
}

/** The type of schema.org of a param that has had these values. */
function typeOf(values: readonly (Json | undefined)[]): string {
  const value = values.find((value) => value !== null && value !== undefined);
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Number";
  if (typeof value === "boolean") return "Boolean";
  return typeof value === "object" ? "PropertyValue" : "Text";
}

function packageParts(name: string): readonly [name: string, version: string] {
  const [, plain = name, version = ""] = /^(@?[^@]+)@([^_]+)/.exec(name) ?? [];
  return [plain, version];
}

function packageId(name: string): string {
  const [plain, version] = packageParts(name);
  return `https://www.npmjs.com/package/${plain}/v/${version}`;
}

/** The runtime, the engine, the languages and the packages. */
export function software(steps: readonly Step[]): Entity[] {
  const runtime = steps[0]?.record.manifest.runtime.split(" ").at(-1) ?? "";
  const packages = new Map(
    steps.flatMap(({ record }) => Object.keys(record.manifest.packages))
      .map((name) => [packageId(name), packageParts(name)] as const),
  );
  return [
    {
      "@id": ENGINE,
      "@type": "SoftwareApplication",
      name: "The workflow runner of this package",
      description: "Runs a target's task unless there is a record under its key: a SHA-256 over " +
        "code, packages, params, inputs, seed and runtime",
      softwareVersion: `format ${FORMAT}`,
      softwareRequirements: ref(DENO),
    },
    {
      "@id": DENO,
      "@type": "SoftwareApplication",
      name: "Deno",
      url: DENO,
      softwareVersion: runtime,
    },
    { "@id": TYPESCRIPT, "@type": "ComputerLanguage", name: "TypeScript", url: TYPESCRIPT },
    { "@id": WORKFLOW_LANGUAGE, "@type": "ComputerLanguage", name: "workflow.yaml, version 1" },
    ...[...packages].map(([id, [name, softwareVersion]]) => ({
      "@id": id,
      "@type": "SoftwareApplication",
      name,
      url: id,
      softwareVersion,
    })),
  ];
}
