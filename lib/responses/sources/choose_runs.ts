import type { EvalRun } from "./eval_run.ts";

/** Names that are shown of several. */
const SHOWN = 3;

/** Some names in words. */
export function namesOf(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(", ") + (names.length > SHOWN ? ", …" : "");
}

/**
 * Of several runs of one task, keeps those that may be compared: of each task one version and number
 * of shots, that of most subjects, and runs that say nothing of these; then of each subject the newest.
 * Runs whose date is not known are
 * all kept: their cells are compared when they are read.
 *
 * @param runs All runs.
 * @returns The runs to read, and what was left out, in words.
 */
export function chooseRuns(
  runs: readonly EvalRun[],
): { readonly chosen: readonly EvalRun[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const left = new Set<EvalRun>();
  const own = runs.filter(({ subject, task }) => subject !== undefined && task !== undefined);
  for (const [, ofTask] of groups(own, ({ format, task }) => `${format} ${task}`)) {
    const unknown = ofTask.filter(({ condition }) => condition === "");
    const known = unknown.length < ofTask.length
      ? ofTask.filter(({ condition }) => condition !== "")
      : ofTask;
    const byCondition = [...groups(known, ({ condition }) => condition)].map((
      [condition, group],
    ) => ({
      condition,
      group,
      subjects: new Set(group.map(({ subject }) => subject)).size,
      newest: group.map(({ date }) => date).sort().at(-1)!,
    })).sort((a, b) =>
      b.subjects - a.subjects || compare(b.newest, a.newest) || compare(a.condition, b.condition)
    );
    const [kept, ...others] = byCondition;
    for (const { condition, group } of others) {
      group.forEach((run) => left.add(run));
      notes.push(
        `${ofTask[0]!.task}: runs under different settings do not mix; taken are those of ` +
          `${kept!.condition} (${
            kept!.subjects
          } subjects), and left out ${group.length} of ${condition} (${
            namesOf(group.map(({ file }) => file.name))
          })`,
      );
    }
    const comparable = known === ofTask ? kept!.group : [...kept!.group, ...unknown];
    const older: EvalRun[] = [];
    for (const [, ofSubject] of groups(comparable, ({ subject }) => subject!)) {
      const dated = ofSubject.filter(({ date }) => date !== "")
        .sort((a, b) => compare(b.date, a.date) || compare(a.file.name, b.file.name));
      older.push(...dated.slice(1));
    }
    if (older.length === 0) continue;
    older.forEach((run) => left.add(run));
    notes.push(
      `${ofTask[0]!.task}: of several runs of one subject the newest is taken; left out ` +
        `${older.length} (${namesOf(older.map(({ file }) => file.name))})`,
    );
  }
  return { chosen: runs.filter((run) => !left.has(run)), notes };
}

function groups<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  return Map.groupBy(list, keyOf);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
