import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";

/** Bytes that are read at a time. */
const BLOCK = 1 << 20;

/** How a gzip file begins. */
const GZIP = [0x1f, 0x8b] as const;

/**
 * The bytes of a file in pieces, unpacked where it is gzip. A piece is good until the next one.
 *
 * @param path The file.
 * @param onRead Receives how many bytes of the file were read.
 * @throws {TypeError} When it is a damaged gzip file.
 */
export async function* chunksOf(
  path: string,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const blocks = blocksOf(path, onRead);
  const first = await blocks.next();
  if (first.done) return;
  const all = rest(first.value, blocks);
  if (!isGzip(first.value)) return yield* all;
  const unpacker = createGunzip({ chunkSize: BLOCK });
  const source = Readable.from(copied(all));
  source.on("error", (cause) => unpacker.destroy(cause));
  try {
    for await (const chunk of source.pipe(unpacker)) yield chunk;
  } catch (cause) {
    throw new TypeError("its gzip is cut or damaged", { cause });
  } finally {
    source.destroy();
    unpacker.destroy();
  }
}

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === GZIP[0] && bytes[1] === GZIP[1];
}

/** The first bytes of a file, unpacked where it is gzip. */
export async function beginningOf(path: string, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunksOf(path)) {
      parts.push(chunk.slice(0, length - size));
      size += parts.at(-1)!.length;
      if (size >= length) break;
    }
  } catch (cause) {
    // What came before the damage may do.
    if (size === 0) throw cause;
  }
  return concat(parts);
}

/** Most bytes of a packed file that is unpacked into memory. */
const MAX_UNPACKED = 1 << 30;

/**
 * All bytes of a file, unpacked where it is gzip.
 *
 * @throws {TypeError} When it is a damaged gzip file, or too large.
 */
export async function unpacked(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(path)) {
    size += chunk.length;
    if (size > MAX_UNPACKED) throw new TypeError("it is too large to be unpacked; unpack it first");
    parts.push(chunk.slice());
  }
  return concat(parts);
}

/** Bytes as a single piece. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Pieces as one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function* blocksOf(
  path: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path);
  const block = new Uint8Array(BLOCK);
  for (;;) {
    const n = await file.read(block);
    if (n === null) return;
    onRead(n);
    yield block.subarray(0, n);
  }
}

async function* rest(
  first: Uint8Array,
  others: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* others;
}

async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice();
}
