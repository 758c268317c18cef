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
    .map((candidate) => ({
      candidate,
      d: differenceOf(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.d - b.d || a.candidate.localeCompare(b.candidate));
  const best = ranked[0];
  if (best === undefined) return "";
  if (best.d <= Math.max(2, Math.ceil(name.length / 2))) return `; did you mean ${best.candidate}?`;
  return ranked.length <= 12 ? `; valid: ${ranked.map((r) => r.candidate).sort().join(", ")}` : "";
}

/** How many letters a name differs by from a valid one, or from that without its folder and ending. */
function differenceOf(name: string, valid: string): number {
  const stem = /\/([^/]+?)(\.\w+)?$/.exec(valid)?.[1] ?? valid;
  return Math.min(distance(name, valid), distance(name, stem));
}
