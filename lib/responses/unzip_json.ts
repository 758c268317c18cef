import { InputError } from "../base/errors.ts";
import { openZip, type ZipMember } from "../base/unzip.ts";

/** What an archive may hold before it is taken for an attack or a mistake. */
export const LIMITS = {
  /** Bytes of the archive: those at hand have 4 MB at most, the others more. */
  packed: 128 << 20,
  /** Members. */
  members: 64,
  /** Bytes of all that is read, unpacked: those at hand have 23 MB at most. */
  bytes: 128 << 20,
  /** Unpacked bytes for each packed one; text of models has about 5. */
  ratio: 100,
  /** Values of a member: those at hand have 300,000 at most, and each takes memory, however short. */
  values: 4_000_000,
} as const;

/** JSON, or a value on each line. */
const JSON_FILE = /\.(json|jsonl|ndjson)$/i;

/** Smaller members may have any ratio, in packed bytes. */
const SMALL = 1024;

/**
 * Reads the JSON members of a zip into memory, in their order, those with a value on each line
 * (`.jsonl`) as lists: nothing is ever written by a name of the archive. Members of `__MACOSX`, and those
 * whose name begins with a dot, are skipped.
 *
 * @param zip The archive.
 * @param name Its name for errors.
 * @returns What each says, and the names of the other members.
 * @throws {InputError} When it is not a zip, is cut or damaged, has no JSON, is larger unpacked than
 * {@linkcode LIMITS} allow, or its JSON cannot be read.
 */
export function unzipJson(
  zip: Uint8Array<ArrayBuffer>,
  name: string,
): {
  readonly members: readonly { readonly name: string; readonly value: unknown }[];
  readonly unread: readonly string[];
} {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new InputError(`Cannot read ${name}: ${reason.slice(0, 200)}`, { cause });
    }
  };
  const all = attempt(() => openZip(zip, LIMITS.members)).filter(({ name }) =>
    !/(^|\/)(__MACOSX\/|\.)|\/$/.test(name)
  );
  const members = all.filter(({ name }) => JSON_FILE.test(name));
  const unread = all.filter(({ name }) => !JSON_FILE.test(name)).map(({ name }) => name);
  if (members.length === 0) throw new InputError(`Cannot read ${name}: it holds no .json`);
  const size = members.reduce((sum, member) => sum + member.size, 0);
  const isBomb = members.some((m) => m.size > LIMITS.ratio * Math.max(m.packed, SMALL));
  if (isBomb || size > LIMITS.bytes) {
    throw new InputError(
      `Cannot read ${name}: its JSON has ${size} bytes unpacked, which is not a table of results ` +
        "but a mistake, or a zip bomb",
    );
  }
  const values = members.map((m) => ({ name: m.name, value: attempt(() => parse(m)) }));
  return { members: values, unread };
}

function parse(member: ZipMember): unknown {
  const bytes = member.read();
  if (countValues(bytes) > LIMITS.values) {
    throw new TypeError(`${member.name} has more than ${LIMITS.values} values`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError(`${member.name} is not UTF-8`, { cause });
  }
  try {
    if (/\.json$/i.test(member.name)) return JSON.parse(text);
    return text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
  } catch (cause) {
    // The error's own message would show a piece of the text.
    throw new TypeError(`${member.name} is damaged: it is not JSON, or is cut short`, { cause });
  }
}

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [...'"\\,[{'].map((c) => c.charCodeAt(0));

/** About how many values a JSON text has, in UTF-8. */
function countValues(bytes: Uint8Array): number {
  let [count, isText] = [0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) isText = !isText;
    else if (isText) i += Number(byte === BACKSLASH);
    else if (byte === COMMA || byte === BRACKET || byte === BRACE) count++;
  }
  return count;
}
