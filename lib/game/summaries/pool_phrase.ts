import { findFact, type Lineage } from "../../artifact/lineage.ts";

/** What a pool is called, by the fact `pool` of its lineage. */
const NAMES: Readonly<Record<string, string>> = {
  semisynthetic: "semisynthetic pool",
  synthetic: "synthetic stratified pool",
};

/** What says on which pool a game was played. */
interface Played {
  readonly facts: { readonly n_pool: number; readonly n_skills: number };
  readonly lineage?: Lineage;
}

function nameOf({ lineage }: Played): string {
  return NAMES[String(findFact(lineage, "pool"))] ?? "given pool";
}

/** The pool that a game was played on, as the heading of a picture. */
export function poolHeading(played: Played): string {
  const { n_pool, n_skills } = played.facts;
  return `${nameOf(played)}, *N* = ${n_pool}, *d* = ${n_skills}`;
}

/** The pool that a game was played on, in words. */
export function poolPhrase(played: Played): string {
  const { facts } = played;
  const { n_pool, n_skills: d } = facts;
  return `${nameOf(played)} (N = ${n_pool} tasks, d = ${d} ${d === 1 ? "skill" : "skills"})`;
}
