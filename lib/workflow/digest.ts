import { createHash } from "node:crypto";

declare const brand: unique symbol;

/** A SHA-256 as 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly [brand]: "Digest" };

/** SHA-256 of bytes, or of a text's UTF-8. */
export function digestOf(data: Uint8Array | string): Digest {
  return createHash("sha256").update(data).digest("hex") as Digest;
}

/** SHA-256 of a file's content, read in blocks. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const block = new Uint8Array(1 << 20);
  for (;;) {
    const n = await file.read(block);
    if (n === null) return hash.digest("hex") as Digest;
    hash.update(block.subarray(0, n));
  }
}
