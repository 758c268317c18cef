import {
  type Entity,
  fileOf,
  type ProjectFile,
  ref,
  type Reference,
  refs,
  type Step,
  stepId,
  uri,
  WORKFLOW,
} from "./entity.ts";
import { madeFiles, ownInputs, runOf, workflowRun } from "./runs.ts";
import { software, tool, toolsOf, WORKFLOW_LANGUAGE } from "./tools.ts";

/** The file of a crate that describes it. */
export const METADATA = "ro-crate-metadata.json";

/** What a crate records of the project. */
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

const WORKFLOW_RO_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate";

/** The profiles that a crate follows: name, URI without the version, and version. */
const PROFILES = [
  ["Process Run Crate", "https://w3id.org/ro/wfrun/process", "0.5"],
  ["Workflow Run Crate", "https://w3id.org/ro/wfrun/workflow", "0.5"],
  ["Provenance Run Crate", "https://w3id.org/ro/wfrun/provenance", "0.5"],
  ["Workflow RO-Crate", WORKFLOW_RO_CRATE, "1.0"],
] as const;

const RO_CRATE = "https://w3id.org/ro/crate/1.1";

const DESCRIPTOR: Entity = {
  "@id": METADATA,
  "@type": "CreativeWork",
  about: ref("./"),
  conformsTo: [ref(RO_CRATE), ref(`${WORKFLOW_RO_CRATE}/1.0`)],
};

/** What a crate's metadata file holds. */
export interface Metadata {
  readonly "@context": readonly string[];
  readonly "@graph": readonly Entity[];
}

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
  code: readonly ProjectFile[],
  about: About,
): Metadata {
  const tools = toolsOf(steps);
  const toolIds = [...tools.keys()].map((id) => ref(uri(id)));
  const own = ownInputs(steps, about.isFolder);
  const actions = [...steps.flatMap(runOf), ...workflowRun(steps, own, about.results)];
  const main = workflow(steps, toolIds, about, code);
  const described = [main, ...toolIds].map((entity) => entity["@id"]);
  const others = [
    ...code.map((file) => fileOf(file.name, file))
      .filter((entity) => !described.includes(entity["@id"])),
    ...steps.flatMap(madeFiles),
    ...own,
  ];
  const parts = [main, ...toolIds, ...others];
  const graph = [
    DESCRIPTOR,
    root(steps, about, refs(parts), refs(actions.filter(isAction))),
    ...PROFILES.map(([name, uri, version]) => ({
      "@id": `${uri}/${version}`,
      "@type": "CreativeWork",
      name,
      version,
    })),
    { "@id": about.license, "@type": "CreativeWork", name: about.license.split("/").at(-1) },
    ...authorsOf(about),
    main,
    ...software(steps),
    ...[...tools].flatMap(([id, of]) => tool(id, of, code)),
    ...steps.map(howToStep),
    ...actions,
    ...others,
  ];
  return {
    "@context": [`${RO_CRATE}/context`, "https://w3id.org/ro/terms/workflow-run/context"],
    "@graph": graph,
  };
}

function isAction(entity: Entity): boolean {
  return String(entity["@type"]).endsWith("Action");
}

function authorsOf({ author }: About): Entity[] {
  return author.map((author, i) => ({ "@id": `#author-${i + 1}`, ...author }));
}

function root(
  steps: readonly Step[],
  about: About,
  parts: readonly Reference[],
  actions: readonly Reference[],
): Entity {
  return {
    "@id": "./",
    "@type": "Dataset",
    conformsTo: PROFILES.map(([, uri, version]) => ref(`${uri}/${version}`)),
    name: `${about.name}: a run`,
    description: about.description,
    datePublished: steps.map(({ record }) => record.when).sort().at(-1),
    license: ref(about.license),
    author: refs(authorsOf(about)),
    mainEntity: ref(WORKFLOW),
    hasPart: parts,
    mentions: actions,
  };
}

function workflow(
  steps: readonly Step[],
  tools: readonly Reference[],
  about: About,
  code: readonly ProjectFile[],
): Entity {
  const file = code.find(({ name }) => name === WORKFLOW);
  return {
    ...(file === undefined ? {} : fileOf(WORKFLOW, file)),
    "@id": WORKFLOW,
    "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
    name: about.name,
    author: refs(authorsOf(about)),
    license: ref(about.license),
    programmingLanguage: ref(WORKFLOW_LANGUAGE),
    hasPart: tools,
    step: steps.map(({ target }) => ref(stepId(target))),
  };
}

function howToStep({ target }: Step, i: number): Entity {
  return {
    "@id": stepId(target),
    "@type": "HowToStep",
    name: target.name,
    description: target.description,
    position: i + 1,
    workExample: ref(uri(target.taskId)),
  };
}
