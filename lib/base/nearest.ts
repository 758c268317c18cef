import { distance } from "fastest-levenshtein";

/** So many wrong letters may be a slip of the keyboard. */
const CLOSE = 2;

/** `b` of `a.b`. */
const lastPart = (name: string): string => name.split(".").at(-1)?.toLowerCase() ?? "";

/**
 * The end of an error message that offers the nearest valid names.
 *
 * @param name What was written.
 * @param valid The names that would have been valid.
 * @returns `; did you mean X?`, with the right section where `a.b` has a wrong one, or the valid names
 * when they are few, or nothing.
 */
export function nearest(name: string, valid: Iterable<string>): string {
  const ranked = [...new Set(valid)]
    .map((candidate) => ({ candidate, d: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.d - b.d || a.candidate.localeCompare(b.candidate));
  const best = ranked[0];
  if (best === undefined) return "";
  const part = lastPart(name);
  const alike = ranked.filter(({ candidate }) => lastPart(candidate).includes(part));
  const isPart = part.length > CLOSE &&
    (name.includes(".") || alike.some(({ candidate }) => lastPart(candidate) === part));
  if (best.d > CLOSE && isPart && alike.length > 0 && alike.length <= 3) {
    return `; did you mean ${alike.map((r) => r.candidate).join(" or ")}?`;
  }
  if (best.d <= Math.max(CLOSE, Math.ceil(name.length / 2))) {
    return `; did you mean ${best.candidate}?`;
  }
  return ranked.length <= 12 ? `; valid: ${ranked.map((r) => r.candidate).sort().join(", ")}` : "";
}
