/**
 * `node:zlib` and `node:stream` for a browser, as far as the readers of logs use them: over the
 * browser's own DecompressionStream where it can.
 *
 * @module
 */
import { decompressZstd } from "hyparquet-compressors";
import { concat } from "../../responses/sources/chunks.ts";

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Chunks that can be sent through an unpacker. */
export class Readable {
  readonly #chunks: Chunks;

  constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  static from(chunks: Chunks): Readable {
    return new Readable(chunks);
  }

  on(): void {}

  destroy(): void {}

  pipe(unpacker: Unpacker): AsyncGenerator<Uint8Array> {
    return unpacker.unpack(this.#chunks);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield* this.#chunks;
  }
}

/** Unpacks what is piped into it. */
class Unpacker {
  constructor(readonly unpack: (chunks: Chunks) => AsyncGenerator<Uint8Array>) {}

  destroy(): void {}
}

function native(format: CompressionFormat): Unpacker {
  return new Unpacker(async function* (chunks): AsyncGenerator<Uint8Array> {
    const { writable, readable } = new DecompressionStream(format);
    const writer = writable.getWriter();
    const fed = (async () => {
      for await (const chunk of chunks) await writer.write(chunk as Uint8Array<ArrayBuffer>);
      await writer.close();
    })();
    // What fails here fails the reader, too.
    fed.catch(() => {});
    const reader = readable.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      yield piece.value;
    }
    await fed;
  });
}

/** Unpacks gzip. */
export function createGunzip(): Unpacker {
  return native("gzip");
}

/** Unpacks deflate without a header. */
export function createInflateRaw(): Unpacker {
  return native("deflate-raw");
}

/** Unpacks zstd, all of it at once: browsers do not. */
export function createZstdDecompress(): Unpacker {
  return new Unpacker(async function* (chunks): AsyncGenerator<Uint8Array> {
    yield decompressZstd(concat(await Array.fromAsync(chunks)));
  });
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

/** CRC-32 of bytes, or of those before and these. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff]! ^ (sum >>> 8);
  return ~sum >>> 0;
}

function absent(): never {
  throw new TypeError("this page does not unpack it");
}

/** What parquet and archives in memory would need: this page reads neither. */
export {
  absent as brotliDecompressSync,
  absent as gunzipSync,
  absent as inflateRawSync,
  absent as zstdDecompressSync,
};
