/** Which parts of a JSON value are kept; the bytes of the rest are passed over. */
export type Keep = "scalar" | "all" | { readonly [key: string]: Keep };

/** Stands for a list or a map where a single value is kept. */
export const COMPOUND = Symbol("a list or a map");

/** Stands for a text that is longer than an id or a mark. */
const LONG_TEXT = Symbol("a long text");

/** Longest text that is kept as a single value, in bytes. */
const MAX_TEXT = 4096;

/** Deepest nesting of what is kept. */
const MAX_DEPTH = 64;

/** Integers of more digits may not be exact as a number. */
const EXACT_DIGITS = 15;

/** Keys that are remembered, so that each is decoded once. */
const MAX_KEYS = 4096;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
const [MINUS, NINE, SPACE] = [0x2d, 0x39, 0x20];

/** Below this length a loop finds the end of a text sooner than a search. */
const SHORT = 24;

const WORDS: Readonly<Record<string, unknown>> = {
  "true": true,
  "false": false,
  "null": null,
  // Python writes these, though they are not JSON.
  "NaN": NaN,
  "Infinity": Infinity,
  "-Infinity": -Infinity,
};

/** A JSON text cannot be read; the message says why, without any of its content. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

/**
 * Reads JSON from bytes and keeps only what is asked for, so that prompts and answers are never
 * decoded. Of a map, the key `*` says what is kept of every other key; a list keeps each element.
 * NaN and Infinity are numbers. What is passed over is checked for its brackets and quotes alone.
 *
 * @example
 * ```ts
 * import { PrunedJson } from "./pruned_json.ts";
 * const bytes = new TextEncoder().encode('{"id": 1, "prompt": "…", "score": NaN}');
 * const value = new PrunedJson().parse(bytes, { id: "scalar", score: "scalar" });
 * if (JSON.stringify(value) !== '{"id":1,"score":null}') throw new Error("kept too much");
 * ```
 */
export class PrunedJson {
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #end = 0;
  readonly #keys = new Map<number, { readonly bytes: Uint8Array; readonly text: string }>();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  /**
   * Reads one value.
   *
   * @param bytes Where it is.
   * @param keep What to keep of it.
   * @throws {JsonError} When it is not whole, or not JSON.
   */
  parse(bytes: Uint8Array, keep: Keep, start = 0, end: number = bytes.length): unknown {
    [this.#bytes, this.#at, this.#end] = [bytes, start, end];
    const value = this.#value(keep, 0);
    this.#space();
    if (this.#at < this.#end) throw new JsonError("there is more behind its end");
    return value;
  }

  /** The keys of the map that bytes begin with, as far as they go; of a list, of its first map. */
  keysOf(bytes: Uint8Array): readonly string[] {
    [this.#bytes, this.#at, this.#end] = [bytes, 0, bytes.length];
    const keys: string[] = [];
    try {
      this.#space();
      if (bytes[this.#at] === OPEN_LIST) {
        this.#at++;
        this.#space();
      }
      if (bytes[this.#at] !== OPEN_MAP) return keys;
      this.#map((key) => {
        keys.push(key);
        this.#skip();
      });
    } catch (cause) {
      if (!(cause instanceof JsonError)) throw cause;
    }
    return keys;
  }

  #value(keep: Keep, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new JsonError("it is nested too deeply");
    this.#space();
    const first = this.#bytes[this.#at];
    if (first === OPEN_MAP || first === OPEN_LIST) {
      if (keep === "scalar") {
        this.#skip();
        return COMPOUND;
      }
      if (first === OPEN_LIST) return this.#list(keep, depth);
      const map: Record<string, unknown> = Object.create(null);
      this.#map((key) => {
        const kept = keep === "all" ? keep : Object.hasOwn(keep, key) ? keep[key] : keep["*"];
        if (kept === undefined) this.#skip();
        else map[key] = this.#value(kept, depth + 1);
      });
      return map;
    }
    return first === QUOTE ? this.#text() : this.#word();
  }

  /** Goes through a map; `each` reads the value of a key. */
  #map(each: (key: string) => void): void {
    this.#at++;
    this.#space();
    if (this.#bytes[this.#at] === CLOSE_MAP) return void this.#at++;
    for (;;) {
      this.#space();
      if (this.#bytes[this.#at] !== QUOTE || this.#at >= this.#end) throw this.#broken();
      const key = this.#key();
      this.#space();
      if (this.#bytes[this.#at] !== COLON) throw this.#broken();
      this.#at++;
      each(key);
      if (this.#endsAfterComma(CLOSE_MAP)) return;
    }
  }

  #list(keep: Keep, depth: number): unknown[] {
    const list: unknown[] = [];
    this.#at++;
    this.#space();
    if (this.#bytes[this.#at] === CLOSE_LIST) {
      this.#at++;
      return list;
    }
    do list.push(this.#value(keep, depth + 1)); while (!this.#endsAfterComma(CLOSE_LIST));
    return list;
  }

  /** Passes a comma, or the end of a list or map, which is the result. */
  #endsAfterComma(close: number): boolean {
    this.#space();
    const byte = this.#at < this.#end ? this.#bytes[this.#at++] : undefined;
    if (byte !== COMMA && byte !== close) throw this.#broken();
    return byte === close;
  }

  #space(): void {
    while (this.#at < this.#end && this.#bytes[this.#at]! <= SPACE) this.#at++;
  }

  #broken(): JsonError {
    return new JsonError(this.#at >= this.#end ? "it is cut short" : "it is not JSON");
  }

  /** Passes over a value. */
  #skip(): void {
    this.#space();
    const bytes = this.#bytes;
    let depth = 0;
    do {
      if (this.#at >= this.#end) throw this.#broken();
      const byte = bytes[this.#at++]!;
      if (byte === QUOTE) this.#at = this.#endOfText(this.#at) + 1;
      else if (byte === OPEN_MAP || byte === OPEN_LIST) depth++;
      else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
        if (--depth < 0) throw this.#broken();
      } else if (depth === 0) {
        this.#at--;
        this.#word();
      }
    } while (depth > 0);
  }

  /** Where the quote is that ends a text. */
  #endOfText(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    const short = Math.min(this.#end, from + SHORT);
    while (at < short && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
    if (at < this.#end && bytes[at] === QUOTE) return at;
    for (;; at++) {
      at = bytes.indexOf(QUOTE, at);
      if (at < 0 || at >= this.#end) {
        this.#at = this.#end;
        throw this.#broken();
      }
      let slashes = at;
      while (slashes > from && bytes[slashes - 1] === BACKSLASH) slashes--;
      if ((at - slashes) % 2 === 0) return at;
    }
  }

  #key(): string {
    const from = this.#at + 1;
    const end = this.#endOfText(from);
    this.#at = end + 1;
    let hash = end - from;
    for (let i = from; i < end; i++) hash = Math.imul(hash, 31) + this.#bytes[i]! | 0;
    const known = this.#keys.get(hash);
    if (known && this.#isAt(known.bytes, from, end)) return known.text;
    const text = this.#decode(from, end);
    const bytes = this.#bytes.slice(from, end);
    if (known === undefined && this.#keys.size < MAX_KEYS && bytes.length <= MAX_TEXT) {
      this.#keys.set(hash, { bytes, text });
    }
    return text;
  }

  #isAt(text: Uint8Array, from: number, end: number): boolean {
    if (text.length !== end - from) return false;
    for (let i = 0; i < text.length; i++) if (text[i] !== this.#bytes[from + i]) return false;
    return true;
  }

  #text(): string | typeof LONG_TEXT {
    const from = this.#at + 1;
    const end = this.#endOfText(from);
    this.#at = end + 1;
    return end - from > MAX_TEXT ? LONG_TEXT : this.#decode(from, end);
  }

  #decode(from: number, end: number): string {
    const bytes = this.#bytes.subarray(from, end);
    try {
      const text = this.#decoder.decode(bytes);
      return bytes.includes(BACKSLASH) ? JSON.parse(`"${text}"`) : text;
    } catch {
      throw new JsonError("a text in it cannot be decoded");
    }
  }

  /** A number, or a word such as true. */
  #word(): unknown {
    const from = this.#at;
    const bytes = this.#bytes;
    // Digits, letters, signs and the point.
    while (this.#at < this.#end && isOfWord(bytes[this.#at]!)) this.#at++;
    if (this.#at === from) throw this.#broken();
    const text = String.fromCharCode(...bytes.subarray(from, Math.min(this.#at, from + MAX_TEXT)));
    if (Object.hasOwn(WORDS, text)) return WORDS[text];
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw this.#broken();
    const isLong = text.length > EXACT_DIGITS && /^-?\d+$/.test(text);
    return isLong ? BigInt(text) : Number(text);
  }
}

function isOfWord(byte: number): boolean {
  return byte === MINUS || byte === 0x2b || byte === 0x2e || (byte >= 0x30 && byte <= NINE) ||
    (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
