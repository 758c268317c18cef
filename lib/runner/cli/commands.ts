import type { CommandEntry } from "./command.ts";
import { GRAPH_FORMATS } from "./graph_of.ts";
import { SHELLS } from "./options.ts";

const RUN = [
  ...["set", "rebuild", "jobs", "executor", "no-wait", "keep-going"] as const,
  ...["dry-run", "quiet", "json"] as const,
] as const;
const RESULTS = [...RUN, "locked", "out", "copy-to", "copy"] as const;

/** The runner's own commands by name: usage, the check of the command line and completion read this. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  reproduce: {
    arguments: "",
    summary: "build every result",
    options: RESULTS,
    load: async () => (await import("./make.ts")).reproduce,
  },
  build: {
    arguments: "TARGET…",
    summary: "build targets and what they need; * and ? match any text and one letter",
    options: RESULTS,
    load: async () => (await import("./make.ts")).build,
  },
  watch: {
    arguments: "[TARGET…]",
    summary: "build, and build again whenever a file changes",
    options: ["set", "jobs", "quiet"],
    load: async () => (await import("./watch.ts")).watch,
  },
  status: {
    arguments: "[TARGET…]",
    summary: "show which targets are fresh, and why the others are not",
    options: ["set", "check", "json"],
    load: async () => (await import("./status.ts")).status,
  },
  explain: {
    arguments: "TARGET…",
    summary: "show what changed since a target's last run, and what its key is made of",
    options: ["set", "all", "json"],
    load: async () => (await import("./explain.ts")).explain,
  },
  graph: {
    arguments: "[TARGET…]",
    summary: "draw which target needs which, and what is stale",
    options: ["set", "format"],
    formats: GRAPH_FORMATS,
    load: async () => (await import("./graph.ts")).graph,
  },
  verify: {
    arguments: "[TARGET…]",
    summary: "run tasks again and compare the bytes; exit with 3 if they differ",
    options: ["set", "jobs", "quiet", "json"],
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
    summary: "remove built files but keep their cached copies",
    options: ["dry-run"],
    load: async () => (await import("./clean.ts")).clean,
  },
  gc: {
    arguments: "",
    summary: "remove cached results that are neither current nor recent",
    options: ["keep", "max", "dry-run", "json"],
    load: async () => (await import("./gc.ts")).gc,
  },
  doctor: {
    arguments: "",
    summary: "say what this machine or, with --executor slurm, this cluster has and lacks",
    options: ["executor"],
    load: async () => (await import("./doctor.ts")).doctor,
  },
  compare: {
    arguments: "RUN RUN…",
    summary: "show how runs of a sweep differ: params, what was found, results",
    options: ["all", "json"],
    words: [],
    load: async () => (await import("./compare.ts")).compare,
  },
  schema: {
    arguments: "",
    summary: "write workflow.schema.json, with which editors complete workflow.yaml",
    options: ["check"],
    load: async () => (await import("./schema.ts")).schema,
  },
  completion: {
    arguments: "SHELL",
    summary: "print the completion script for bash, zsh or fish",
    options: [],
    words: SHELLS,
    load: async () => (await import("./completion.ts")).completion,
  },
};
