import { findFact, type Lineage } from "../../artifact/lineage.ts";

/** What a pool is called, by the fact `pool` of its lineage. */
const NAMES: Readonly<Record<string, string>> = {
  semisynthetic: "semisynthetic pool",
  synthetic: "synthetic stratified pool",
};

/** The pool that a game was played on, in words. */
export function poolPhrase({ facts, lineage }: {
  readonly facts: { readonly n_pool: number; readonly n_skills: number };
  readonly lineage?: Lineage;
}): string {
  const name = NAMES[String(findFact(lineage, "pool"))] ?? "given pool";
  const { n_pool, n_skills: d } = facts;
  return `${name} (N = ${n_pool} tasks, d = ${d} ${d === 1 ? "skill" : "skills"})`;
}
