import { z } from "zod";
import type { Digest } from "../base/digest.ts";
import type { PlannedTarget } from "../runner/config/planned.ts";
import { parseRecord } from "../runner/parse_record.ts";
import type { RunRecord } from "../runner/record.ts";
import { isTrusted, type Signature } from "./signature.ts";
import { SIGNING_KEY } from "./settings.ts";
import { MAX_CONTENT, Refused } from "./source.ts";

const signature = z.object({ key: z.string(), value: z.string() });

/** Letters that a terminal obeys. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

/** A record as it is kept with others: with a signature, if somebody signed it. */
export function encodeRecord(record: RunRecord, signature: Signature | undefined): string {
  return JSON.stringify({ ...record, ...signature && { signature } });
}

/**
 * A record that came from outside, if it is one of the very target and key: its key, its check and the
 * paths of its outputs are recomputed from this project's own workflow.
 *
 * @param bytes What came.
 * @param target The target as planned here.
 * @param key Its key as computed here.
 * @param trusted Keys of which one must have signed it; without any, it need not be signed.
 * @throws {Refused} When it is not to be believed.
 */
export function believe(
  bytes: Uint8Array,
  target: PlannedTarget,
  key: Digest,
  trusted: readonly string[],
): RunRecord {
  const { record, signed } = read(bytes, key);
  if (record.target !== target.name) throw new Refused("the record is of another target");
  for (const [logical, { path, size }] of Object.entries(record.outputs)) {
    if (target.outputs.get(logical) !== path) throw new Refused("the record has other outputs");
    if (size > MAX_CONTENT) throw new Refused(`${path} is said to have ${size} bytes`);
  }
  if ([record.when, ...record.log, ...record.warnings ?? []].some((text) => CONTROL.test(text))) {
    throw new Refused("the record's texts hold control characters");
  }
  if (trusted.length > 0 && !(signed && isTrusted(record.check, signed, trusted))) {
    throw new Refused(`no key of trusted_keys has signed the record (see ${SIGNING_KEY})`);
  }
  return record;
}

function read(
  bytes: Uint8Array,
  key: Digest,
): { readonly record: RunRecord; readonly signed: Signature | undefined } {
  try {
    const { signature: by, ...rest } = JSON.parse(new TextDecoder().decode(bytes));
    const record = parseRecord(rest, key);
    if (record !== undefined) return { record, signed: signature.safeParse(by).data };
  } catch {
    // It is not JSON, or is nested too deeply.
  }
  throw new Refused("what is there is not a record of this key");
}
