import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { InputError } from "../base/errors.ts";
import type { Digest } from "../base/digest.ts";

/** A signature of a record. */
export interface Signature {
  /** The public key in base64, as workflow.yaml names it. */
  readonly key: string;
  /** 64 bytes of Ed25519 in base64. */
  readonly value: string;
}

/** What is signed: the record's check, which covers all of it, named so that it serves nothing else. */
function signed(check: Digest): Uint8Array {
  return new TextEncoder().encode(`strategic-evaluation record 1\n${check}\n`);
}

/** Signs a record by its check. */
export function signRecord(check: Digest, key: KeyObject): Signature {
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    key: publicKey.toString("base64"),
    value: sign(null, signed(check), key).toString("base64"),
  };
}

/** Whether a signature is one of the record with this check, by one of the trusted keys. */
export function isTrusted(
  check: Digest,
  { key, value }: Signature,
  trusted: readonly string[],
): boolean {
  if (!trusted.includes(key)) return false;
  const publicKey = createPublicKey({
    key: Buffer.from(key, "base64"),
    format: "der",
    type: "spki",
  });
  return verify(null, signed(check), publicKey, Buffer.from(value, "base64"));
}

/**
 * The private key in the file that a variable names; undefined where it is not set.
 *
 * @throws {InputError} When there is none in it.
 */
export function signingKey(variable: string): KeyObject | undefined {
  const path = Deno.env.get(variable);
  if (path === undefined || path === "") return undefined;
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(Deno.readTextFileSync(path));
  } catch {
    // Reported below.
  }
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw new InputError(
    `Cannot sign: ${path} (${variable}) holds no Ed25519 private key in PEM; make one with: ` +
      "openssl genpkey -algorithm ed25519 -out key.pem",
  );
}
