import { concat } from "./chunks.ts";

/** Longest line or entry that is read, in bytes. */
export const MAX_ENTRY = 64 << 20;

const LF = 10;

/** Takes in a line or an entry: where it is, and its number from 1. Undefined bytes: it is too long. */
export type TakeEntry = (
  bytes: Uint8Array | undefined,
  start: number,
  end: number,
  number: number,
) => void;

/**
 * Goes through the lines of a text, without decoding it.
 *
 * @param chunks The text's bytes.
 * @param take Receives each line that is not blank.
 */
export async function eachLine(chunks: AsyncIterable<Uint8Array>, take: TakeEntry): Promise<void> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  const finish = (): void => {
    number++;
    if (size > MAX_ENTRY) take(undefined, 0, 0, number);
    else if (size > 0) {
      const line = concat(parts);
      if (!isBlank(line, 0, line.length)) take(line, 0, line.length, number);
    }
    [parts, size] = [[], 0];
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      if (size > 0) {
        if (size <= MAX_ENTRY) parts.push(chunk.slice(start, end));
        size += end - start;
        finish();
      } else {
        number++;
        if (!isBlank(chunk, start, end)) take(chunk, start, end, number);
      }
      start = end + 1;
    }
    if (start === chunk.length) continue;
    if (size <= MAX_ENTRY) parts.push(chunk.slice(start));
    size += chunk.length - start;
  }
  if (size > 0) finish();
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! > 0x20) return false;
  return true;
}
