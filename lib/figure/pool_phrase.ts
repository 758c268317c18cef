import { findFact, type Lineage } from "../artifact/artifact.ts";

/** The pool that a result was played on, in words, from the lineage of the result. */
export function poolPhrase(lineage: Lineage | undefined): string {
  const kind = findFact(lineage, "pool");
  const name = kind === "semisynthetic"
    ? "semisynthetic pool"
    : kind === "synthetic"
    ? "synthetic stratified pool"
    : "given pool";
  const d = findFact(lineage, "n_skills");
  const N = findFact(lineage, "n_pool");
  return `${name} (N = ${N} tasks, d = ${d} ${d === 1 ? "skill" : "skills"})`;
}
