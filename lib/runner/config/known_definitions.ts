import { join } from "@std/path";
import { digestOf } from "../../base/digest.ts";
import { canonicalJson, FORMAT } from "../key.ts";
import type { TaskCode } from "../modules.ts";
import type { Json, TaskId } from "../names.ts";
import type { Project } from "../project.ts";
import { snapshotCode } from "../snapshot.ts";
import { writeAtomically } from "../../base/write_atomically.ts";
import {
  type Answer,
  answer,
  type Definitions,
  loadDefinitions,
  type Question,
  type TaskDefinition,
  taskDefinition,
} from "./definitions.ts";

/** More are forgotten but for those in use. */
const MAX_REMEMBERED = 5000;

/**
 * What task modules declare and answer. Since they can read nothing but their code, the same code
 * gives the same answer to the same question: it is remembered, and modules are loaded only where
 * one is missing.
 *
 * @param project The project.
 * @param code The code of the tasks; undefined where it could not be read.
 * @param questions One for each target.
 */
export async function definitionsOf(
  { root, results }: Project,
  code: ReadonlyMap<TaskId, TaskCode> | undefined,
  questions: readonly Question[],
): Promise<Definitions> {
  const packages = join(root, "node_modules");
  if (code === undefined) return await loadDefinitions(root, packages, questions, results);
  const path = join(root, "cache", "states", ".definitions.json");
  const known = read(path);
  const asker = digestOf(Deno.readFileSync(new URL("definitions_host.ts", import.meta.url)));
  const ids = new Map(
    [...code].map(([id, { modules, packages }]) =>
      [
        id,
        digestOf(canonicalJson([FORMAT, asker, Deno.version.deno, id, modules, packages])),
      ] as const
    ),
  );
  const keys = questions.map(({ task, params, inputs }) =>
    digestOf(canonicalJson([ids.get(task) ?? "", params, inputs.toSorted()]))
  );
  const tasks = new Map<TaskId, TaskDefinition>();
  for (const [id, key] of ids) {
    const { data } = taskDefinition.safeParse(known[key]);
    if (data !== undefined) tasks.set(id, data);
  }
  const answers = keys.flatMap((key): Answer[] => {
    const { data } = answer.safeParse(known[key]);
    return data === undefined ? [] : [data];
  });
  if (tasks.size === ids.size && answers.length === keys.length) {
    return { tasks, answers, reasons: new Map() };
  }
  const snapshot = trySnapshot(root, code);
  const loaded = await loadDefinitions(snapshot ?? root, packages, questions, results);
  if (snapshot === undefined || loaded.reasons.size > 0) return loaded;
  const fresh = Object.fromEntries<Json>([
    ...[...ids].map(([id, key]) => [key, loaded.tasks.get(id) ?? null] as const),
    ...keys.map((key, i) => [key, (loaded.answers[i] ?? null) as Json] as const),
  ]);
  const kept = Object.keys(known).length < MAX_REMEMBERED ? known : {};
  // It only saves time: where it cannot be written, modules are loaded each time.
  await writeAtomically(path, JSON.stringify({ ...kept, ...fresh }), false).catch(() => {});
  return loaded;
}

/** Undefined on a disk that is full or may not be written: what is asked may need no more of it. */
function trySnapshot(root: string, code: ReadonlyMap<TaskId, TaskCode>): string | undefined {
  try {
    return snapshotCode(root, code);
  } catch {
    return undefined;
  }
}

function read(path: string): Readonly<Record<string, unknown>> {
  try {
    if (!Deno.lstatSync(path).isFile) return {};
    const known: unknown = JSON.parse(Deno.readTextFileSync(path));
    return known !== null && typeof known === "object" ? { ...known } : {};
  } catch {
    return {};
  }
}
