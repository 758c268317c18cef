/**
 * The MUSTs of a Provenance Run Crate 0.5, with those of the profiles that it extends, as a table.
 *
 * Sources: RO-Crate 1.1 (w3id.org/ro/crate/1.1), Workflow RO-Crate 1.0
 * (w3id.org/workflowhub/workflow-ro-crate/1.0), and Process, Workflow and Provenance Run Crate 0.5
 * (w3id.org/ro/wfrun/provenance/0.5).
 *
 * @module
 */

/** An entity of a crate. */
export type Entity = Readonly<Record<string, unknown>> & { readonly "@id": string };

/** What the rules are checked against. */
export interface Crate {
  readonly metadata: { readonly "@context": unknown; readonly "@graph": readonly Entity[] };
  /** Whether a file of the crate is there and has the SHA-256, where one is given. */
  readonly holds: (path: string, sha256?: unknown) => boolean;
}

/** A rule: where it stands, what it asks, and what breaks it. */
export type Rule = readonly [
  source: "RO-Crate" | "Workflow RO-Crate" | "Process" | "Workflow" | "Provenance",
  must: string,
  broken: (crate: Crate) => readonly string[],
];

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function ids(value: unknown): string[] {
  return list(value).flatMap((item) => {
    const id = (item as Entity)?.["@id"];
    return id === undefined ? [] : [id];
  });
}

const graph = ({ metadata }: Crate): readonly Entity[] => metadata["@graph"];
const get = (crate: Crate, id: string): Entity | undefined =>
  graph(crate).find((entity) => entity["@id"] === id);
const isA = (entity: Entity | undefined, ...types: string[]): boolean =>
  entity !== undefined && types.some((type) => list(entity["@type"]).includes(type));
const all = (crate: Crate, ...types: string[]): readonly Entity[] =>
  graph(crate).filter((entity) => isA(entity, ...types));
const root = (crate: Crate): Entity => get(crate, "./") ?? { "@id": "./" };
const main = (crate: Crate): Entity =>
  get(crate, ids(root(crate)["mainEntity"])[0] ?? "") ?? { "@id": "no main entity" };
const when = (holds: boolean, message: string): readonly string[] => holds ? [] : [message];

/** The entities of some types whose property does not lead to entities of others. */
const leads = (types: readonly string[], property: string, to: readonly string[], least = 1) =>
(
  crate: Crate,
): readonly string[] =>
  all(crate, ...types).filter((entity) => {
    const found = ids(entity[property]);
    return found.length < least || !found.every((id) => isA(get(crate, id), ...to));
  }).map((entity) => `${entity["@id"]}.${property}`);

const conforms = (profile: string) => (crate: Crate): readonly string[] =>
  when(
    ids(root(crate)["conformsTo"]).includes(profile) && isA(get(crate, profile), "CreativeWork"),
    profile,
  );

const ACTIONS = ["CreateAction", "ActivateAction", "UpdateAction"];
const TOOLS = ["SoftwareApplication", "SoftwareSourceCode", "ComputationalWorkflow"];

/** The rules. */
export const RULES: readonly Rule[] = [
  [
    "RO-Crate",
    "@context is that of RO-Crate 1.1",
    ({ metadata }) =>
      when(
        list(metadata["@context"]).includes("https://w3id.org/ro/crate/1.1/context"),
        "@context",
      ),
  ],
  ["RO-Crate", "every entity has an @id of its own and a @type", (crate) => {
    const seen = new Set<string>();
    return graph(crate).filter((entity) => {
      const again = seen.has(entity["@id"]);
      seen.add(entity["@id"]);
      return again || !entity["@id"] || list(entity["@type"]).length === 0;
    }).map((entity) => entity["@id"]);
  }],
  [
    "RO-Crate",
    "the graph is flat: a nested object is a reference, with @id alone",
    (crate) =>
      graph(crate).flatMap((entity) =>
        Object.values(entity).flatMap(list)
          .filter((item) => typeof item === "object" && Object.keys(item ?? {}).join() !== "@id")
          .map(() => entity["@id"])
      ),
  ],
  [
    "RO-Crate",
    "the metadata descriptor is a CreativeWork about the root, conforming to 1.1",
    (crate) => {
      const entity = get(crate, "ro-crate-metadata.json");
      return when(
        isA(entity, "CreativeWork") && ids(entity?.["about"]).join() === "./" &&
          ids(entity?.["conformsTo"]).includes("https://w3id.org/ro/crate/1.1"),
        "ro-crate-metadata.json",
      );
    },
  ],
  [
    "RO-Crate",
    "the root is a Dataset with name, description, date of publication and licence",
    (crate) => {
      const entity = root(crate);
      const has = ["name", "description", "datePublished", "license"].every((name) => entity[name]);
      return when(
        isA(entity, "Dataset") && has && !isNaN(Date.parse(`${entity["datePublished"]}`)),
        "./",
      );
    },
  ],
  [
    "RO-Crate",
    "@id of a data entity is a relative or absolute URI",
    (crate) =>
      all(crate, "File").map((entity) => entity["@id"])
        .filter((id) =>
          id.startsWith("/") || !URL.canParse(id, "file:///crate/") || /[\s\\]/.test(id)
        ),
  ],
  ["RO-Crate", "a data entity is linked from the root by hasPart", (crate) => {
    const parts = ids(root(crate)["hasPart"]);
    return all(crate, "File").map((entity) => entity["@id"]).filter((id) => !parts.includes(id));
  }],
  [
    "RO-Crate",
    "a data entity with a relative URI is in the crate, with its bytes",
    (crate) =>
      all(crate, "File").filter((entity) => !URL.canParse(entity["@id"]))
        .filter((entity) => !crate.holds(decodeURIComponent(entity["@id"]), entity["sha256"]))
        .map((entity) => entity["@id"]),
  ],
  [
    "RO-Crate",
    "what is referred to is in the graph",
    (crate) =>
      graph(crate).flatMap((entity) =>
        Object.values(entity).flatMap(ids).filter((id) => get(crate, id) === undefined)
      ).filter((id) => id !== "https://w3id.org/ro/crate/1.1"),
  ],
  [
    "Workflow RO-Crate",
    "the main entity is a File, SoftwareSourceCode and ComputationalWorkflow",
    (crate) =>
      ["File", "SoftwareSourceCode", "ComputationalWorkflow"].filter((type) =>
        !isA(main(crate), type)
      ),
  ],
  [
    "Workflow RO-Crate",
    "the main workflow has a programmingLanguage, a ComputerLanguage",
    (crate) => leads(["ComputationalWorkflow"], "programmingLanguage", ["ComputerLanguage"])(crate),
  ],
  ["Workflow RO-Crate", "the crate has a licence", (crate) => when(!!root(crate)["license"], "./")],
  [
    "Process",
    "the root conforms to the profile",
    conforms("https://w3id.org/ro/wfrun/process/0.5"),
  ],
  ["Process", "an action has one instrument: a tool", leads(ACTIONS, "instrument", TOOLS)],
  [
    "Process",
    "object and result are files or values",
    (crate) =>
      all(crate, ...ACTIONS).flatMap((
        action,
      ) => [...ids(action["object"]), ...ids(action["result"])])
        .filter((id) => !isA(get(crate, id), "File", "CreativeWork", "PropertyValue")),
  ],
  [
    "Workflow",
    "the root conforms to the profile",
    conforms("https://w3id.org/ro/wfrun/workflow/0.5"),
  ],
  ["Workflow", "a run has the main workflow as its instrument", (crate) =>
    when(
      all(crate, "CreateAction").some((run) => ids(run["instrument"])[0] === main(crate)["@id"]),
      "no run of the workflow",
    )],
  ["Workflow", "parameters are FormalParameters with an additionalType", (crate) => [
    ...leads(["ComputationalWorkflow", ...TOOLS], "input", ["FormalParameter"], 0)(crate),
    ...leads(["ComputationalWorkflow", ...TOOLS], "output", ["FormalParameter"], 0)(crate),
    ...all(crate, "FormalParameter").filter((entity) => !entity["additionalType"])
      .map((entity) => entity["@id"]),
  ]],
  [
    "Provenance",
    "the root conforms to the profile",
    conforms("https://w3id.org/ro/wfrun/provenance/0.5"),
  ],
  ["Provenance", "the workflow has its tools as parts", (crate) => {
    const tools = ids(main(crate)["hasPart"]);
    return [
      ...when(tools.length > 0, "no tools"),
      ...tools.filter((id) => !isA(get(crate, id), ...TOOLS)),
      ...all(crate, "CreateAction").flatMap((run) => ids(run["instrument"]))
        .filter((id) => id !== main(crate)["@id"] && !tools.includes(id)),
    ];
  }],
  ["Provenance", "each tool has a run", (crate) => {
    const run = all(crate, "CreateAction").flatMap((action) => ids(action["instrument"]));
    return ids(main(crate)["hasPart"]).filter((id) => !run.includes(id));
  }],
  ["Provenance", "a workflow with steps is a HowTo, and its steps are HowToSteps", (crate) => [
    ...when(isA(main(crate), "HowTo"), "no HowTo"),
    ...leads(["HowTo"], "step", ["HowToStep"])(crate),
    ...all(crate, "HowToStep").map((step) => step["@id"])
      .filter((id) => !ids(main(crate)["step"]).includes(id)),
  ]],
  ["Provenance", "a step leads to its tool", leads(["HowToStep"], "workExample", TOOLS)],
  ["Provenance", "a step stands after those that it needs", (crate) => {
    const made = new Map<string, number>();
    const positions = all(crate, "ControlAction").map((control) => {
      const step = get(crate, ids(control["instrument"])[0] ?? "");
      return [Number(step?.["position"]), get(crate, ids(control["object"])[0] ?? "")] as const;
    });
    for (const [position, run] of positions) {
      for (const id of ids(run?.["result"])) made.set(id, position);
    }
    return positions.flatMap(([position, run]) =>
      ids(run?.["object"]).filter((id) => !((made.get(id) ?? 0) < position))
    );
  }],
  [
    "Provenance",
    "a ControlAction leads to its step",
    leads(["ControlAction"], "instrument", ["HowToStep"]),
  ],
  [
    "Provenance",
    "a ControlAction leads to the run of a tool",
    leads(["ControlAction"], "object", ACTIONS),
  ],
  [
    "Provenance",
    "an OrganizeAction leads to the engine",
    leads(["OrganizeAction"], "instrument", TOOLS),
  ],
  [
    "Provenance",
    "an OrganizeAction leads to the steps' ControlActions",
    leads(["OrganizeAction"], "object", ["ControlAction"]),
  ],
  [
    "Provenance",
    "an OrganizeAction leads to the workflow's run",
    leads(["OrganizeAction"], "result", ["CreateAction"]),
  ],
];
