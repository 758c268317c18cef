import { createHash } from "node:crypto";

declare const brand: unique symbol;

/** A SHA-256 as 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly [brand]: "Digest" };

/** SHA-256 of bytes, or of a text's UTF-8. */
export function digestOf(data: Uint8Array | string): Digest {
  return createHash("sha256").update(data).digest("hex") as Digest;
}

/** Larger files are read in blocks of this many bytes. */
const BLOCK = 1 << 20;

/** SHA-256 of a file's content. */
export async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash("sha256");
  using file = Deno.openSync(path);
  const block = new Uint8Array(Math.min(BLOCK, file.statSync().size + 1));
  for (;;) {
    // A small file is read before another thread could have started.
    const n = block.length < BLOCK ? file.readSync(block) : await file.read(block);
    if (n === null) return hash.digest("hex") as Digest;
    hash.update(block.subarray(0, n));
  }
}
