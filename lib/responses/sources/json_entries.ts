import { concat } from "./chunks.ts";
import { MAX_ENTRY, type TakeEntry } from "./json_lines.ts";
import { JsonError } from "./pruned_json.ts";

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Longest key of the outermost map, in bytes. */
const MAX_KEY = 256;

/**
 * Goes through the maps of a JSON list of any length, without decoding it: of a list at the top, or of
 * one that stands under a key of a map at the top.
 *
 * @param chunks The bytes.
 * @param key The key; undefined where the list is at the top.
 * @param take Receives each map.
 * @param onField Receives each map or text that stands under another key of the top.
 * @throws {JsonError} When it ends early, after all whole entries were taken.
 */
export async function eachEntry(
  chunks: AsyncIterable<Uint8Array>,
  key: string | undefined,
  take: TakeEntry,
  onField: (key: string, bytes: Uint8Array) => void = () => {},
): Promise<void> {
  // Depth at which the maps stand whose bytes are gathered.
  const level = key === undefined ? 1 : 2;
  let [depth, number] = [0, 0];
  let [isText, isEscaped] = [false, false];
  let keyBytes: number[] = [];
  let current = "";
  let [isTop, isValue] = [false, false];
  // The map that is being gathered: where it begins in this chunk, and what came before.
  let start = -1;
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isText = false;
          if (isTop && isValue) onField(current, Uint8Array.from([QUOTE, ...keyBytes, QUOTE]));
          else if (isTop) current = String.fromCharCode(...keyBytes);
          isTop = false;
          continue;
        } else if (!isTop) {
          // On to the next quote, unless something is escaped before it.
          let end = chunk.indexOf(QUOTE, i);
          if (end < 0) end = chunk.length;
          while (i + 1 < end && chunk[i + 1] !== BACKSLASH) i++;
        }
        if (isTop && keyBytes.length < MAX_KEY) keyBytes.push(byte);
      } else if (byte === QUOTE) {
        isText = true;
        isTop = key !== undefined && depth === 1;
        if (isTop) keyBytes = [];
      } else if (depth === 1 && (byte === COLON || byte === COMMA)) isValue = byte === COLON;
      else if (byte === OPEN_MAP || byte === OPEN_LIST) {
        const isEntry = byte === OPEN_MAP &&
          (depth === level && (key === undefined || current === key));
        const isField = byte === OPEN_MAP && key !== undefined && depth === 1 && current !== key;
        if (start < 0 && size === 0 && (isEntry || isField)) start = i;
        depth++;
      } else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
        depth--;
        if (start < 0) continue;
        const isEntry = depth === level && (key === undefined || current === key);
        const isField = depth === 1 && key !== undefined && current !== key;
        if (!isEntry && !isField) continue;
        size += i + 1 - start;
        if (isEntry) number++;
        if (size > MAX_ENTRY) {
          if (isEntry) take(undefined, 0, 0, number);
        } else if (parts.length === 0 && isEntry) take(chunk, start, i + 1, number);
        else {
          const whole = concat([...parts, chunk.subarray(start, i + 1)]);
          if (isEntry) take(whole, 0, whole.length, number);
          else onField(current, whole);
        }
        [start, parts, size] = [-1, [], 0];
      }
    }
    if (start < 0) continue;
    if (size <= MAX_ENTRY) parts.push(chunk.slice(start));
    size += chunk.length - start;
    start = 0;
  }
  if (depth !== 0 || isText) throw new JsonError("it is cut short");
}
