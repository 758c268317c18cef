import { z } from "zod";
import { type Digest, digestOf } from "../base/digest.ts";
import { canonicalJson, FORMAT, keyOf } from "./key.ts";
import type { Json, TargetName } from "./names.ts";
import type { RunRecord, TargetState } from "./record.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const recordShape = z.object({
  key: digest,
  target: z.string(),
  manifest: z.object({ outputs: z.record(z.string(), z.string()) }),
  outputs: z.record(
    z.string(),
    z.object({ path: z.string(), digest, size: z.int().min(0) }),
  ),
  log: z.array(z.string()),
  warnings: z.array(z.string()).optional(),
  seconds: z.number(),
  when: z.string(),
  check: digest,
});
const failureShape = z.object({
  key: digest,
  message: z.string(),
  when: z.string(),
  staging: z.string(),
});
const stateShape = z.object({
  target: z.string(),
  key: digest.optional(),
  failure: failureShape.optional(),
});

/** SHA-256 of a record's canonical JSON without its `check`: shows whether a record was edited or damaged. */
export function checkOf(record: Omit<RunRecord, "check">): Digest {
  return digestOf(canonicalJson({ ...record, check: null } as unknown as Json));
}

/** A value of JSON as the record of a key, or undefined where it is damaged or of another key. */
export function parseRecord(value: unknown, key: Digest): RunRecord | undefined {
  if (!recordShape.safeParse(value).success) return undefined;
  const record = value as RunRecord;
  try {
    return record.key === key && keyOf(record.manifest) === key && isDeclared(record) &&
        record.check === checkOf(record)
      ? record
      : undefined;
  } catch (cause) {
    // It is nested too deep.
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** Whether the outputs of a record are those of its manifest. */
function isDeclared({ outputs, manifest }: RunRecord): boolean {
  const names = Object.keys(outputs);
  return names.length === Object.keys(manifest.outputs).length &&
    names.every((name) => outputs[name]?.path === manifest.outputs[name]);
}

/** Whether a value of JSON is a record that another version of the runner wrote. */
export function isOfOtherFormat(value: unknown): boolean {
  const { manifest } = z.object({ manifest: z.object({ format: z.number() }) }).safeParse(value)
    .data ?? {};
  return manifest !== undefined && manifest.format !== FORMAT;
}

/** A value of JSON as the state of a target, or undefined where it is damaged or of another. */
export function parseState(value: unknown, target: TargetName): TargetState | undefined {
  const { success, data } = stateShape.safeParse(value);
  return success && data.target === target ? value as TargetState : undefined;
}
