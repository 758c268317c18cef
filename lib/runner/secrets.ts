import { InputError } from "../base/errors.ts";

/** A secret's value, and the variable or file that it comes from. */
export interface FoundSecret {
  readonly value: string;
  readonly source: string;
}

/** A secret that tasks of a project may ask for. */
export interface Secret {
  /** Its name, which is also the environment variable that hands it to the task. */
  readonly name: string;
  /** Finds it; undefined where there is none. */
  readonly find: () => Promise<FoundSecret | undefined>;
}

/** The secrets that are there, by name. */
export type Secrets = Readonly<Record<string, string>>;

/** Stands where a secret stood. */
const REDACTED = "[secret]";

/** A shorter text is not a secret, and redacting it would garble what is reported. */
const MIN_LENGTH = 8;

/** What a secret may not contain: it could not be sent, nor be found again in what is reported. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/[\n\r]/, "contains a line break"],
  [/\s/, "contains white space"],
  // deno-lint-ignore no-control-regex
  [/[\x00-\x1f\x7f]/, "contains a control character"],
  [/[^\x21-\x7e]/, "contains a character that is not ASCII"],
  [new RegExp(`^.{0,${MIN_LENGTH - 1}}$`), `has fewer than ${MIN_LENGTH} characters`],
];

/**
 * Finds secrets.
 *
 * @param names The secrets wanted.
 * @param secrets Those of the project.
 * @returns Those that are there.
 * @throws {InputError} When one cannot be a secret; it names the variable or file, never its value.
 */
export async function findSecrets(
  names: readonly string[],
  secrets: readonly Secret[],
): Promise<Secrets> {
  const found: Record<string, string> = {};
  for (const { name, find } of secrets) {
    const secret = names.includes(name) ? await find() : undefined;
    if (secret === undefined) continue;
    const { value, source } = secret;
    const [, reason] = FORBIDDEN.find(([pattern]) => pattern.test(value)) ?? [];
    if (reason !== undefined) {
      throw new InputError(
        `Cannot use ${source}: it ${reason}. Give the token alone, or set ${name} to nothing for none.`,
      );
    }
    found[name] = value;
  }
  return found;
}

/**
 * A value with every secret in its texts redacted, also one that stands there percent-encoded, as JSON or in
 * base64: before the value is encoded, where a secret may look otherwise.
 */
export function redact<Value>(value: Value, secrets: Secrets): Value {
  const forms = Object.values(secrets).filter(({ length }) => length >= MIN_LENGTH).flatMap(
    formsOf,
  );
  return forms.length === 0 ? value : redactForms(value, forms);
}

function redactForms<Value>(value: Value, forms: readonly string[]): Value {
  const inText = (text: string): string =>
    forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text);
  if (typeof value === "string") return inText(value) as Value;
  if (Array.isArray(value)) return value.map((item) => redactForms(item, forms)) as Value;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map((
    [key, item],
  ) => [inText(key), redactForms(item, forms)]);
  return Object.fromEntries(entries) as Value;
}

/** How a secret may be written, the longest first. */
function formsOf(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  // In base64 a text looks otherwise at each of three offsets; its first and last digits mix with others.
  const inBase64 = [0, 1, 2].flatMap((offset) => {
    const padded = String.fromCharCode(...new Uint8Array(offset), ...bytes);
    const first = Math.ceil((8 * offset) / 6);
    const digits = btoa(padded).slice(first, Math.floor((8 * padded.length) / 6));
    return [digits, digits.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const percent = encodeURIComponent(secret);
  const lower = percent.replace(/%../g, (code) => code.toLowerCase());
  const forms = [secret, percent, lower, JSON.stringify(secret).slice(1, -1), ...inBase64];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
