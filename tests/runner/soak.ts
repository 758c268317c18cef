/**
 * How hard to test: `deno task soak` sets SOAK and repeats what CI does a few times.
 *
 * @module
 */
import { allowed } from "../support.ts";

/** Whether `deno task soak` runs. */
export const soaking: boolean = allowed("env") && Deno.env.get("SOAK") !== undefined;

/** So many repetitions: few in CI, many in a soak. */
export function repetitions(few: number, many: number): number {
  return soaking ? many : few;
}
