import { basename, isAbsolute } from "@std/path";
import type { Digest } from "../../base/digest.ts";
import type { Json } from "../../runner/names.ts";
import type { RunRecord } from "../../runner/record.ts";
import { type Entity, fileOf, ref, refs, type Step, stepId, uri, WORKFLOW } from "./entity.ts";
import { ENGINE, formal } from "./tools.ts";

const WORKFLOW_RUN = "#workflow-run";

/** What distinguishes the entities of a run from those of others. */
function runId(kind: string, { key }: RunRecord): string {
  return `#${kind}-${key}`;
}

/** The files that a step made. */
export function madeFiles({ target, record }: Step): Entity[] {
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

/**
 * What a person gave.
 *
 * @param isFolder Whether what is at a path is a folder.
 */
export function ownInputs(steps: readonly Step[], isFolder: (path: string) => boolean): Entity[] {
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

/** The run of a step: what the task did, the params that it got, and the runner's part. */
export function runOf({ target, record }: Step): Entity[] {
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
export function workflowRun(
  steps: readonly Step[],
  own: readonly Entity[],
  results: string,
): Entity[] {
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
