import type { OptionName, Options } from "./options.ts";

/** What a command does: gets the folder of workflow.yaml and the command line, gives the exit code. */
export type Command = (root: string, options: Options) => Promise<number>;

/** A command of the command line. */
export interface CommandEntry {
  /** What may follow the name; "" when nothing may. */
  readonly arguments: string;
  readonly summary: string;
  readonly options: readonly OptionName[];
  /** Loads its code, so that a command pays for no other. */
  readonly load: () => Promise<Command>;
}

const PLAN = ["set", "device", "fast", "strict"] as const;
const RUN = [...PLAN, "rebuild-pool", "jobs", "keep-going", "dry-run", "quiet", "json"] as const;

/** The commands by name: the usage, the checks of the command line and completion all read this. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  reproduce: {
    arguments: "",
    summary: "build every figure",
    options: [...RUN, "locked", "copy-to"],
    load: async () => (await import("./make.ts")).reproduce,
  },
  build: {
    arguments: "TARGET…",
    summary: "build some targets and what they need; * and ? match",
    options: [...RUN, "locked", "copy-to"],
    load: async () => (await import("./make.ts")).build,
  },
  claims: {
    arguments: "",
    summary: "build the figures, and hold the paper's statements against their numbers",
    options: RUN.filter((name) => name !== "quiet"),
    load: async () => (await import("../../commands/claims.ts")).claims,
  },
  watch: {
    arguments: "[TARGET…]",
    summary: "build, and again whenever a file changes",
    options: [...PLAN, "jobs", "quiet"],
    load: async () => (await import("./watch.ts")).watch,
  },
  data: {
    arguments: "[validate FILE]",
    summary: "say what the response table holds, or whether one of your own can be used",
    options: [...PLAN, "quiet", "json"],
    load: async () => (await import("../../commands/data.ts")).data,
  },
  status: {
    arguments: "[TARGET…]",
    summary: "say what is fresh and why the rest is not",
    options: [...PLAN, "check", "json"],
    load: async () => (await import("./status.ts")).status,
  },
  explain: {
    arguments: "TARGET…",
    summary: "say what a target's key is made of, and what changed since its last run",
    options: [...PLAN, "json"],
    load: async () => (await import("./explain.ts")).explain,
  },
  graph: {
    arguments: "[TARGET…]",
    summary: "draw what needs what, and what is stale",
    options: [...PLAN, "format"],
    load: async () => (await import("./graph.ts")).graph,
  },
  verify: {
    arguments: "[TARGET…]",
    summary: "run tasks again and compare the bytes; 3 when they differ",
    options: [...PLAN, "jobs", "quiet", "json"],
    load: async () => (await import("./verify.ts")).verify,
  },
  lock: {
    arguments: "",
    summary: "write the digests of all outputs to workflow.lock.json, for --locked",
    options: [],
    load: async () => (await import("./lock.ts")).lock,
  },
  clean: {
    arguments: "",
    summary: "remove what was built from figures/ and cache/; the cached results stay",
    options: ["dry-run"],
    load: async () => (await import("./clean.ts")).clean,
  },
  gc: {
    arguments: "",
    summary: "remove cached results that are neither current nor recent",
    options: ["keep", "max", "dry-run", "json"],
    load: async () => (await import("./gc.ts")).gc,
  },
  schema: {
    arguments: "",
    summary: "write workflow.schema.json, by which editors complete workflow.yaml",
    options: ["check"],
    load: async () => (await import("./schema.ts")).schema,
  },
  completion: {
    arguments: "SHELL",
    summary: "print the completion script for bash, zsh or fish",
    options: [],
    load: async () => (await import("./completion.ts")).completion,
  },
};
