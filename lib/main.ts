/**
 * The command line of this paper: `deno task reproduce | build | status | …`, and what the paper adds
 * to the runner's commands.
 *
 * @module
 */
import type { Program } from "./runner/cli/command.ts";
import { SWEEP_OPTIONS } from "./runner/cli/commands.ts";
import { main } from "./runner/cli/main.ts";

/** The commands, options, secrets and conventions of this paper. */
export const PAPER: Omit<Program, "root"> = {
  results: "figures",
  copied: "pdf",
  extras: {
    captions: async (...of) => await (await import("./commands/captions.ts")).captionFiles(...of),
  },
  origin: (param) => {
    const [source, path] = [param("responses.source"), param("responses.path")];
    if (source === undefined) return undefined;
    const responses = source === "simulated" || typeof path !== "string"
      ? `from ${source} responses`
      : `from the responses in ${path}`;
    const pool = param("pool.path");
    const isOwn = typeof pool === "string" && !pool.startsWith("cache/");
    return isOwn ? `${responses} and the pool ${pool}` : responses;
  },
  nativeEnv: ["CUDA_PATH", "CUDA_VISIBLE_DEVICES"],
  gpuEnv: "CUDA_VISIBLE_DEVICES",
  secrets: [{
    name: "HF_TOKEN",
    find: async () => await (await import("./fetch/hub_token.ts")).hubToken(),
  }],
  shorthands: [
    {
      name: "device",
      value: "DEVICE",
      choices: ["auto", "cpu", "cuda"],
      help: "auto, cpu or cuda: short for --set fiml.device=DEVICE",
      option: "set",
      stands: "fiml.device=",
    },
    {
      name: "fast",
      help: "use few items: short for --set items.subsample=${items.fast}",
      option: "set",
      stands: "items.subsample=${items.fast}",
    },
    {
      name: "full",
      help: "robustness with more samples: short for --set robustness.size=full",
      option: "set",
      stands: "robustness.size=full",
    },
    {
      name: "strict",
      help: "fail on unreadable data: short for --set responses.strict=true",
      option: "set",
      stands: "responses.strict=true",
    },
    {
      name: "rebuild-pool",
      help: "run the pools and what they need again: short for --rebuild 'cache/pool_*'",
      option: "rebuild",
      stands: "cache/pool_*",
    },
  ],
  commands: {
    claims: {
      arguments: "",
      summary: "build the figures, and compare the paper's statements with their numbers",
      options: ["set", "rebuild", "jobs", "executor", "keep-going", "dry-run", "json"],
      own: [{
        name: "tables",
        value: "A,B,…",
        help: "build everything for each of these tables (names in workflow.yaml, or files), and " +
          "compare their claims",
      }],
      load: async () => (await import("./commands/claims.ts")).claims,
    },
    captions: {
      arguments: "[TARGET…]",
      summary: "build the figures, and write their captions as Markdown or LaTeX",
      options: ["set", "format", "out", "copy-to", "jobs", "quiet", "json"],
      formats: ["md", "tex"],
      load: async () => (await import("./commands/captions.ts")).captions,
    },
    crate: {
      arguments: "[TARGET…]",
      summary: "build the figures, and pack them with their provenance as an RO-Crate",
      options: ["set", "out", "jobs", "quiet"],
      load: async () => (await import("./commands/crate.ts")).crate,
    },
    report: {
      arguments: "",
      summary: "build the pages: every figure live, a fit of your own table, and what was run",
      options: ["set", "rebuild", "jobs", "keep-going", "dry-run", "quiet", "json"],
      load: async () => (await import("./commands/report.ts")).report,
    },
    data: {
      arguments: "[validate PATH]",
      summary: "show what the response table holds, or whether one of your own can be used",
      options: ["set", "quiet", "json"],
      words: ["validate"],
      load: async () => (await import("./commands/data.ts")).data,
    },
    sweep: {
      arguments: "[TARGET…]",
      summary: "build the figures and claims for each combination of values, into runs/",
      options: ["set", "jobs", "executor", "keep-going", "dry-run", "quiet", "json"],
      own: SWEEP_OPTIONS,
      load: async () => (await import("./commands/sweep.ts")).sweep,
    },
    cache: {
      arguments: "pull | push | export FILE | import FILE | status",
      summary: "share results: with a cache on the network, or as an archive",
      options: ["set", "check", "quiet", "json"],
      own: [
        {
          name: "url",
          value: "URL",
          help: "use this cache instead of the one that workflow.yaml names",
        },
        { name: "only", help: "leave out the bytes of what the named targets need" },
        {
          name: "sample",
          value: "N",
          help: "run N of the pulled targets again, and exit with 3 if their bytes differ",
        },
      ],
      words: ["pull", "push", "export", "import", "status"],
      load: async () => (await import("./shared_cache/command.ts")).cache,
    },
  },
};

if (import.meta.main) Deno.exit(await main(Deno.args, { root: Deno.cwd(), ...PAPER }));
