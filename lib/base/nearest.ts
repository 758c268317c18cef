import { distance } from "fastest-levenshtein";

/**
 * The end of an error message that offers the nearest valid names.
 *
 * @param name What was written.
 * @param valid The names that would have been valid.
 * @returns `; did you mean X?`, or the valid names when they are few, or nothing.
 */
export function nearest(name: string, valid: Iterable<string>): string {
  const ranked = [...new Set(valid)]
    .map((candidate) => ({ candidate, d: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.d - b.d || a.candidate.localeCompare(b.candidate));
  const best = ranked[0];
  if (best === undefined) return "";
  if (best.d <= Math.max(2, Math.ceil(name.length / 2))) return `; did you mean ${best.candidate}?`;
  return ranked.length <= 12 ? `; valid: ${ranked.map((r) => r.candidate).sort().join(", ")}` : "";
}
