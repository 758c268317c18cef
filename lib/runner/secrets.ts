import { join } from "@std/path";

/** Secrets that a task may ask for, each named as the variable that holds it. */
export const SECRETS = ["HF_TOKEN"] as const;

/** One of {@linkcode SECRETS}. */
export type SecretName = typeof SECRETS[number];

/** The secrets that are there, by name. */
export type Secrets = Readonly<Partial<Record<SecretName, string>>>;

/** Stands where a secret stood. */
const REDACTED = "[secret]";

/** A shorter text is no secret, and redacting it would garble what is reported. */
const MIN_LENGTH = 8;

/**
 * Finds secrets: in the environment or, as the hub's own programs do, in the file that their login
 * writes (`HF_TOKEN_PATH`, or `token` in `HF_HOME`, `~/.cache/huggingface` by default).
 *
 * @param names The secrets wanted.
 * @returns Those that are there.
 */
export async function findSecrets(
  names: readonly SecretName[],
): Promise<Secrets> {
  const found: Partial<Record<SecretName, string>> = {};
  for (const name of names) {
    const value = (Deno.env.get(name) ?? await hubToken()).trim();
    if (value !== "") found[name] = value;
  }
  return found;
}

/** A value with every secret in its texts redacted: before it is encoded, where a secret may look otherwise. */
export function redact<Value>(value: Value, secrets: Secrets): Value {
  const inText = (text: string): string =>
    Object.values(secrets).reduce(
      (rest, secret) => secret.length < MIN_LENGTH ? rest : rest.replaceAll(secret, REDACTED),
      text,
    );
  if (typeof value === "string") return inText(value) as Value;
  if (Array.isArray(value)) return value.map((item) => redact(item, secrets)) as Value;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [inText(key), redact(item, secrets)]);
  return Object.fromEntries(entries) as Value;
}

async function hubToken(): Promise<string> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "";
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? join(home, ".cache");
  const folder = Deno.env.get("HF_HOME") ?? join(cache, "huggingface");
  const path = Deno.env.get("HF_TOKEN_PATH") ?? join(folder, "token");
  return await Deno.readTextFile(path).catch(() => "");
}
