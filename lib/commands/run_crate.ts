import { basename, extname, isAbsolute } from "@std/path";
import { type Digest, digestOf } from "../base/digest.ts";
import { canonicalJson, FORMAT } from "../runner/key.ts";
import type { Json, TaskId } from "../runner/names.ts";
import type { PlannedTarget } from "../runner/config/planned.ts";
import type { RunRecord } from "../runner/record.ts";

/** The file of a crate that describes it. */
export const METADATA = "ro-crate-metadata.json";

/** The main entity: the workflow. */
export const WORKFLOW = "workflow.yaml";

/** A target and the record of the run that made it. */
export interface Step {
  readonly target: PlannedTarget;
  readonly record: RunRecord;
}

/** What a crate says of the project. */
export interface About {
  readonly name: string;
  readonly description: string;
  /** URI of the licence. */
  readonly license: string;
  readonly author: readonly { readonly "@type": string; readonly name: string }[];
  /** The folder of results. */
  readonly results: string;
  /** Whether an own input is a folder. */
  readonly isFolder: (path: string) => boolean;
}

/** An entity of a crate. */
export interface Entity {
  readonly "@id": string;
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
}

interface Reference {
  readonly "@id": string;
}

/** The profiles that a crate follows, by URI without the version. */
const PROFILES = [
  ["https://w3id.org/ro/wfrun/process", "0.5", "Process Run Crate"],
  ["https://w3id.org/ro/wfrun/workflow", "0.5", "Workflow Run Crate"],
  ["https://w3id.org/ro/wfrun/provenance", "0.5", "Provenance Run Crate"],
  ["https://w3id.org/workflowhub/workflow-ro-crate", "1.0", "Workflow RO-Crate"],
] as const;

const RO_CRATE = "https://w3id.org/ro/crate/1.1";
const DENO = "https://deno.com/";
const TYPESCRIPT = "https://www.typescriptlang.org/";
const ENGINE = "#runner";
const WORKFLOW_LANGUAGE = "#workflow-language";
const WORKFLOW_RUN = "#workflow-run";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".html": "text/html",
  ".json": "application/json",
  ".md": "text/markdown",
  ".npz": "application/zip",
  ".onnx": "application/octet-stream",
  ".pdf": "application/pdf",
  ".ts": "text/x.typescript",
  ".txt": "text/plain",
  ".yaml": "application/yaml",
  ".zip": "application/zip",
};

/**
 * The metadata of a Provenance Run Crate 0.5 (https://w3id.org/ro/wfrun/provenance/0.5), an RO-Crate 1.1:
 * the workflow with its steps and tools, and for each target the run that made it, with inputs, params
 * and outputs.
 *
 * @param steps The targets with their records, in dependency order.
 * @param code The files of the project that the crate holds.
 * @param about The project.
 */
export function runCrate(
  steps: readonly Step[],
  code: readonly { readonly name: string; readonly digest: Digest }[],
  about: About,
): { readonly "@context": readonly string[]; readonly "@graph": readonly Entity[] } {
  const tools = toolsOf(steps);
  const plain = code.filter(({ name }) => name !== WORKFLOW && !tools.has(name as TaskId));
  const own = ownInputs(steps, about.isFolder);
  const made = steps.flatMap(madeFiles);
  const toolEntities = [...tools].flatMap(([id, of]) => tool(id, of, code));
  const runs = steps.flatMap(runOf);
  const actions = [...runs, ...workflowRun(steps, own, about.results)];
  const parts = [...plain.map((file) => fileOf(file.name, file)), ...made, ...own];
  const ends = steps.map(({ record }) => record.when).sort();
  const authors = about.author.map((author, i) => ({ "@id": `#author-${i + 1}`, ...author }));
  const root: Entity = {
    "@id": "./",
    "@type": "Dataset",
    conformsTo: PROFILES.map(([uri, version]) => ref(`${uri}/${version}`)),
    name: `${about.name}: a run`,
    description: about.description,
    datePublished: ends.at(-1) ?? new Date(0).toISOString(),
    license: ref(about.license),
    author: refs(authors),
    mainEntity: ref(WORKFLOW),
    hasPart: [ref(WORKFLOW), ...[...tools.keys()].map((id) => ref(uri(id))), ...refs(parts)],
    mentions: refs(actions.filter((entity) => String(entity["@type"]).endsWith("Action"))),
  };
  const descriptor: Entity = {
    "@id": METADATA,
    "@type": "CreativeWork",
    about: ref("./"),
    conformsTo: [ref(RO_CRATE), ref(`${PROFILES[3][0]}/${PROFILES[3][1]}`)],
  };
  return {
    "@context": [`${RO_CRATE}/context`, "https://w3id.org/ro/terms/workflow-run/context"],
    "@graph": [
      descriptor,
      root,
      ...PROFILES.map(([uri, version, name]) => ({
        "@id": `${uri}/${version}`,
        "@type": "CreativeWork",
        name,
        version,
      })),
      { "@id": about.license, "@type": "CreativeWork", name: about.license.split("/").at(-1) },
      ...authors,
      workflow(steps, [...tools.keys()], authors, about, code),
      ...software(steps),
      ...toolEntities,
      ...steps.map(({ target }, i) => ({
        "@id": stepId(target),
        "@type": "HowToStep",
        name: target.name,
        description: target.description,
        position: i + 1,
        workExample: ref(uri(target.taskId)),
      })),
      ...actions,
      ...parts,
    ],
  };
}

function ref(id: string): Reference {
  return { "@id": id };
}

function refs(entities: readonly Reference[]): Reference[] {
  return [...new Set(entities.map((entity) => entity["@id"]))].map(ref);
}

/** A path as the relative URI that names it in the crate. */
function uri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function stepId({ name }: PlannedTarget): string {
  return `${WORKFLOW}#${encodeURIComponent(name)}`;
}

/** How the entities of a run are told from those of others. */
function runId(kind: string, { key }: RunRecord): string {
  return `#${kind}-${key}`;
}

function fileOf(path: string, { digest }: { readonly digest: Digest }): Entity {
  const type = MEDIA_TYPES[extname(path)];
  return {
    "@id": uri(path),
    "@type": path.endsWith(".ts") ? ["File", "SoftwareSourceCode"] : "File",
    name: path,
    ...(type === undefined ? {} : { encodingFormat: type }),
    sha256: digest,
  };
}

function madeFiles({ target, record }: Step): Entity[] {
  return Object.entries(record.outputs).map(([name, output]) => ({
    ...fileOf(output.path, output),
    contentSize: String(output.size),
    exampleOfWork: ref(formal(target.taskId, "output", name)),
  }));
}

/** Name of what a person's own input is in the crate, which does not hold it: its digest (RFC 6920). */
function ownId(digest: Digest): string {
  const bytes = Uint8Array.from(digest.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  return `ni:///sha-256;${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

function ownInputs(steps: readonly Step[], isFolder: About["isFolder"]): Entity[] {
  const found = new Map<string, Entity>();
  for (const { target, record } of steps) {
    for (const [logical, { path, producer }] of target.inputs) {
      const digest = record.manifest.inputs[logical];
      if (producer !== undefined || digest === undefined) continue;
      found.set(ownId(digest), {
        "@id": ownId(digest),
        "@type": isFolder(path) ? "CreativeWork" : "File",
        name: isAbsolute(path) ? basename(path) : path,
        description: "A person's own data, not part of this crate: named by its SHA-256 (of a " +
          "folder, that of the list of its files and their digests)",
        sha256: digest,
      });
    }
  }
  return [...found.values()];
}

/** The steps of each tool, which is a task's module. */
function toolsOf(steps: readonly Step[]): ReadonlyMap<TaskId, readonly Step[]> {
  return Map.groupBy(steps, ({ target }) => target.taskId);
}

/** Name of a formal parameter of a tool. */
function formal(task: TaskId, kind: "input" | "output" | "param", name: string): string {
  return `${uri(task)}#${kind}-${encodeURIComponent(name)}`;
}

function tool(
  id: TaskId,
  steps: readonly Step[],
  code: readonly { readonly name: string; readonly digest: Digest }[],
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
function software(steps: readonly Step[]): Entity[] {
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

function workflow(
  steps: readonly Step[],
  tools: readonly TaskId[],
  authors: readonly Entity[],
  about: About,
  code: readonly { readonly name: string; readonly digest: Digest }[],
): Entity {
  const file = code.find(({ name }) => name === WORKFLOW);
  return {
    ...(file === undefined ? {} : fileOf(WORKFLOW, file)),
    "@id": WORKFLOW,
    "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
    name: about.name,
    author: refs(authors),
    license: ref(about.license),
    programmingLanguage: ref(WORKFLOW_LANGUAGE),
    hasPart: tools.map((id) => ref(uri(id))),
    step: steps.map(({ target }) => ref(stepId(target))),
  };
}

/** The run of a step: what the task did, the params that it got, and the runner's part. */
function runOf({ target, record }: Step): Entity[] {
  const { manifest, seconds, when } = record;
  const inputs = [...target.inputs].flatMap(([logical, { path, producer }]) => {
    const digest = manifest.inputs[logical];
    return digest === undefined ? [] : ref(producer === undefined ? ownId(digest) : uri(path));
  });
  const value = (kind: string, name: string, of: Json): Entity => ({
    "@id": `${runId(kind, record)}-${encodeURIComponent(name)}`,
    "@type": "PropertyValue",
    name,
    value: typeof of === "object" ? JSON.stringify(of) : of,
    ...(kind === "param" ? { exampleOfWork: ref(formal(target.taskId, "param", name)) } : {}),
  });
  const params = Object.entries(manifest.params).map(([name, of]) => value("param", name, of));
  const seed = manifest.seed === null ? [] : [value("draws", "seed", manifest.seed)];
  const env = Object.entries(manifest.env).map(([name, of]) => value("env", name, of ?? ""));
  return [
    {
      "@id": runId("run", record),
      "@type": "CreateAction",
      name: `Run of ${target.name}`,
      description: `${target.description}. Key ${record.key}.`,
      startTime: new Date(Date.parse(when) - 1000 * seconds).toISOString(),
      endTime: when,
      actionStatus: "http://schema.org/CompletedActionStatus",
      instrument: ref(uri(target.taskId)),
      object: [...inputs, ...refs([...params, ...seed])],
      result: Object.values(record.outputs).map(({ path }) => ref(uri(path))),
      ...(env.length > 0 ? { environment: refs(env) } : {}),
    },
    {
      "@id": runId("control", record),
      "@type": "ControlAction",
      name: `Orchestration of ${target.name}`,
      instrument: ref(stepId(target)),
      object: ref(runId("run", record)),
    },
    ...params,
    ...seed,
    ...env,
  ];
}

/** The run of the whole workflow, and of its engine. */
function workflowRun(steps: readonly Step[], own: readonly Entity[], results: string): Entity[] {
  const starts = steps.map(({ record }) => Date.parse(record.when) - 1000 * record.seconds);
  const startTime = new Date(Math.min(...starts)).toISOString();
  const endTime = steps.map(({ record }) => record.when).sort().at(-1);
  return [
    {
      "@id": WORKFLOW_RUN,
      "@type": "CreateAction",
      name: "Run of the workflow",
      description:
        "Steps whose key had a record were not run again, so that runs of several days " +
        "may be among them",
      startTime,
      endTime,
      instrument: ref(WORKFLOW),
      object: refs(own),
      result: steps.flatMap(({ record }) => Object.values(record.outputs))
        .filter(({ path }) => path.startsWith(`${results}/`)).map(({ path }) => ref(uri(path))),
    },
    {
      "@id": "#engine-run",
      "@type": "OrganizeAction",
      name: "Run of the workflow's engine",
      startTime,
      endTime,
      instrument: ref(ENGINE),
      object: steps.map(({ record }) => ref(runId("control", record))),
      result: ref(WORKFLOW_RUN),
    },
  ];
}
