/** Tells texts apart in messages, as `lib/base/digest.ts` does elsewhere: FNV-1a, which needs no Node. */
export function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
