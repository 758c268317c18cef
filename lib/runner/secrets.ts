/** A secret that tasks of a project may ask for. */
export interface Secret {
  /** Its name, which is also the environment variable that hands it to the task. */
  readonly name: string;
  /** Finds its value; undefined or "" where there is none. */
  readonly find: () => Promise<string | undefined>;
}

/** The secrets that are there, by name. */
export type Secrets = Readonly<Record<string, string>>;

/** Stands where a secret stood. */
const REDACTED = "[secret]";

/** A shorter text is not a secret, and redacting it would garble what is reported. */
const MIN_LENGTH = 8;

/**
 * Finds secrets.
 *
 * @param names The secrets wanted.
 * @param secrets Those of the project.
 * @returns Those that are there.
 */
export async function findSecrets(
  names: readonly string[],
  secrets: readonly Secret[],
): Promise<Secrets> {
  const found: Record<string, string> = {};
  for (const { name, find } of secrets) {
    const value = names.includes(name) ? await find() : undefined;
    if (value) found[name] = value;
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
