import { z } from "zod";
import { writeArtifact } from "../lib/artifact/artifact.ts";
import type { Facts } from "../lib/artifact/kind.ts";
import { responses as kind } from "../lib/artifact/kinds.ts";
import { type ArtifactFile, lineageOf } from "../lib/artifact/lineage.ts";
import { readResponses, type SourceReader, withCounts } from "../lib/responses/read_responses.ts";
import { arraysOf, type Responses } from "../lib/responses/responses.ts";
import { defineTask, type Task, type TaskContext } from "../lib/runner/task.ts";
import { READING, readingOf } from "./_reading.ts";
import { withRemedies } from "./_remedies.ts";

const PARAMS = z.object({ source: z.string(), ...READING });

type Input = "table" | "fetched";

/** A source of responses: one of the params `sources`. */
export interface Source {
  readonly description: string;
  /**
   * What responses.path is to it: the table that it reads, a folder of the files that otherwise are
   * fetched, or nothing.
   */
  readonly path: "required" | "optional" | "none";
  /** Reads the table or what was fetched; undefined: it simulates. */
  readonly read?: SourceReader;
  readonly simulate?: (seed: string) => Responses;
}

/** Declares the task of a source: it gives the response table, indexed. */
export function sourceTask(source: Source): Task<typeof PARAMS, Input, "responses"> {
  return defineTask({
    description: source.description,
    params: PARAMS,
    inputs: {
      table: { kind: "table", optional: true, folder: true },
      fetched: { kind: "zip", optional: true },
    },
    outputs: { responses: { kind: "npz" } },
    seeded: source.simulate !== undefined,
    check: ({ source: name }, inputs) => {
      const wrong = wrongWith(source, name, inputs);
      if (wrong === undefined) return undefined;
      return { param: "source", message: `responses.source is ${name}, ${wrong}` };
    },
    async run(context): Promise<void> {
      const { inputs, outputs, log } = context;
      const input = source.path === "required" ? "table" : "fetched";
      const file = inputs[input];
      const { responses, facts } = await withRemedies(() => responsesOf(source, file, context));
      log(`responses: ${JSON.stringify(facts)}`);
      const lineage = lineageOf(context, file ? { [input]: file } : {}, facts);
      await writeArtifact(outputs.responses, kind, arraysOf(responses), lineage);
    },
  });
}

/** What is wrong with the files that a source is given. */
function wrongWith(
  { path, read }: Source,
  name: string,
  inputs: ReadonlySet<Input>,
): string | undefined {
  if (path === "required" && !inputs.has("table")) {
    return "but responses.path names no file; add --set responses.path=FILE";
  }
  if (path === "none" && inputs.has("table")) {
    return "which reads no file, but responses.path names one; " +
      "add --set responses.source=csv (or parquet; evals for logs)";
  }
  if (path === "required" || read === undefined || inputs.has("fetched")) return undefined;
  return `but sources.${name}.fetched names no target that fetches it; write one in workflow.yaml`;
}

async function responsesOf(
  { read, simulate }: Source,
  file: ArtifactFile | undefined,
  { params, seed, progress, warn }: TaskContext<z.output<typeof PARAMS>, Input, "responses">,
): Promise<{ readonly responses: Responses; readonly facts: Facts }> {
  if (simulate !== undefined) {
    const { responses, facts } = withCounts(simulate(seed), { simulated: true });
    return { responses, facts: { ...facts, seed } };
  }
  if (read === undefined || file === undefined) throw new TypeError("There is nothing to read");
  return await readResponses(read, file, { ...readingOf(params), progress, warn });
}
