import { createHash } from "node:crypto";
import type { Digest } from "../base/digest.ts";

/** Bytes that are copied at a time. */
const BLOCK = 1 << 20;

/**
 * Copies a file, and takes the digest of the very bytes that were copied.
 *
 * @param from The file; links are followed.
 * @param to The copy, which must not exist yet.
 * @returns SHA-256 of the copy.
 */
export async function copyVerified(from: string, to: string): Promise<Digest> {
  const hash = createHash("sha256");
  using source = Deno.openSync(from);
  using copy = Deno.openSync(to, { write: true, createNew: true });
  const block = new Uint8Array(Math.min(BLOCK, source.statSync().size + 1));
  for (;;) {
    // A small file is read before another thread could have started.
    const n = block.length < BLOCK ? source.readSync(block) : await source.read(block);
    if (n === null) return hash.digest("hex") as Digest;
    hash.update(block.subarray(0, n));
    for (let done = 0; done < n;) done += copy.writeSync(block.subarray(done, n));
  }
}
