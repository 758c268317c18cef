import fc from "fast-check";

/** Bytes with some changed, cut out, repeated, or put in. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const edit = fc.record({
    kind: fc.constantFrom("set", "flip", "cut", "insert", "repeat", "end"),
    at: fc.nat(bytes.length),
    length: fc.integer({ min: 1, max: 12 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  return fc.array(edit, { minLength: 1, maxLength: 5 }).map((edits) => {
    let result = Array.from(bytes);
    for (const { kind, at, length, bytes: [first = 0, ...rest] } of edits) {
      if (kind === "set") result[at] = first;
      else if (kind === "flip") result[at] = (result[at] ?? 0) ^ (1 << (first % 8));
      else if (kind === "cut") result.splice(at, length);
      else if (kind === "insert") result.splice(at, 0, first, ...rest);
      else if (kind === "repeat") result.splice(at, 0, ...result.slice(at, at + length * 8));
      else result = result.slice(0, at);
    }
    return Uint8Array.from(result, (byte) => byte ?? 0);
  });
}
