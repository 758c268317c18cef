import { chunksOf } from "./chunks.ts";
import type { RunRows } from "./eval_run.ts";
import { eachLine } from "./json_lines.ts";
import { JsonError, type Keep, PrunedJson } from "./pruned_json.ts";

/** A map, or a JsonError. */
export function mapOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new JsonError("it is not a map");
}

/**
 * Goes through the lines of a file of JSON maps; a line that is none is counted as malformed.
 *
 * @param path The file.
 * @param keep What is kept of a line.
 * @param malformed Receives the lines that cannot be understood.
 * @param onRead Receives how many bytes were read.
 * @param take Receives each line; a JsonError that it throws makes the line a malformed one.
 */
export async function eachLineMap(
  path: string,
  keep: Keep,
  malformed: RunRows,
  onRead: (bytes: number) => void,
  take: (line: Record<string, unknown>, number: number) => void,
): Promise<void> {
  const json = new PrunedJson();
  await eachLine(chunksOf(path, onRead), (bytes, start, end, number) => {
    try {
      if (bytes === undefined) throw new JsonError("it is too long");
      take(mapOf(json.parse(bytes, keep, start, end)), number);
    } catch (cause) {
      if (!(cause instanceof JsonError)) throw cause;
      malformed.malformed(number, cause.message);
    }
  });
}
