import { isAbsolute, join } from "@std/path";
import { z } from "zod";
import { digestOfFile } from "../base/digest.ts";
import { InputError } from "../base/errors.ts";
import { NOWHERE, openWorkspace } from "../runner/assess.ts";
import type { Command } from "../runner/cli/command.ts";
import { type Copied, copyOut } from "../runner/cli/copy_out.ts";
import { recordsOf } from "../runner/cli/make.ts";
import { listener, write } from "../runner/cli/output.ts";
import { select, selectResults } from "../runner/cli/select.ts";
import { planWorkflow } from "../runner/config/plan.ts";
import { type Step, WORKFLOW } from "./crate/entity.ts";
import { type About, METADATA, runCrate } from "./crate/run_crate.ts";

/** What a crate holds of the project beside the tasks' modules, where it is there. */
const ALONGSIDE = [WORKFLOW, "deno.json", "deno.lock", "LICENSE", "CITATION.cff", "codemeta.json"];

/**
 * `crate`: builds the results and packs them as a Provenance Run Crate: all that was made, the code that
 * made it, and ro-crate-metadata.json, written from the records of the runs.
 */
export const crate: Command = async (project, options) => {
  const { root, results } = project;
  const { targets, out, overrides } = options;
  const plan = await planWorkflow(project, overrides);
  const names = targets.length > 0 ? select(plan, targets) : selectResults(plan);
  const workspace = await openWorkspace(plan, new Set(), out === undefined ? undefined : NOWHERE);
  const about = await aboutOf(root);
  const records = await recordsOf(workspace, names, options, listener(options));
  if (typeof records === "number") return records;
  const steps = [...plan.targets.values()].flatMap((target): Step[] => {
    const record = records.get(target.name);
    return record === undefined ? [] : [{ target, record }];
  });
  const made = steps.flatMap(({ record }) => Object.values(record.outputs))
    .map(({ path, digest }) => ({ name: path, file: workspace.store.contentPath(digest), digest }));
  const code = await codeOf(root, steps);
  const isFolder = (path: string): boolean =>
    Deno.statSync(isAbsolute(path) ? path : join(root, path)).isDirectory;
  const metadata = runCrate(steps, code, { ...about, results, isFolder });
  const text = `${JSON.stringify(metadata, null, 2)}\n`;
  const place = out ?? join(root, results, "crate");
  await copyOut(root, place, "crate", [...made, ...code, { name: METADATA, text }]);
  const count = `${steps.length} runs, ${made.length + code.length} files`;
  write(`Provenance Run Crate: ${out ?? `${results}/crate/`} (${count})\n`);
  return 0;
};

/** The files of the project: those alongside, and the modules of the tasks. */
async function codeOf(
  root: string,
  steps: readonly Step[],
): Promise<Extract<Copied, { file: string }>[]> {
  const modules = steps.flatMap(({ record }) => Object.keys(record.manifest.modules));
  const there = ALONGSIDE.filter((name) => {
    try {
      return Deno.statSync(join(root, name)).isFile;
    } catch {
      return false;
    }
  });
  const names = [...there, ...[...new Set(modules)].sort()];
  return await Promise.all(names.map(async (name) => {
    const file = join(root, name);
    return { name, file, digest: await digestOfFile(file) };
  }));
}

const codemeta = z.object({
  name: z.string(),
  description: z.string(),
  license: z.string(),
  author: z.array(z.object({ "@type": z.string(), name: z.string() })),
});

/** What codemeta.json says of the project. */
async function aboutOf(root: string): Promise<Omit<About, "results" | "isFolder">> {
  const text = await Deno.readTextFile(join(root, "codemeta.json")).catch(() => "null");
  try {
    return codemeta.parse(JSON.parse(text));
  } catch {
    throw new InputError(
      "Cannot write the crate: codemeta.json must give name, description, license and author " +
        "(a list of names with @type); see https://codemeta.github.io",
    );
  }
}
