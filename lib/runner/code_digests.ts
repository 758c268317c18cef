import { stripTypeScriptTypes } from "node:module";
import { join } from "@std/path";
import { type Digest, digestOf } from "../base/digest.ts";
import { writeAtomically } from "../base/write_atomically.ts";

/** More are forgotten but for those in use. */
const MAX_REMEMBERED = 5000;

/**
 * Digests of what modules do: of the code that Deno emits for them, token by token, so that types,
 * comments and formatting do not count. Line numbers in a task's errors may then be those of another
 * formatting; its result cannot be. A module that is not plain TypeScript or JavaScript, or in which
 * a comment cannot be recognised for certain, counts by its bytes.
 */
export class CodeDigests {
  readonly #path: string;
  #known: Readonly<Record<string, unknown>> = {};
  readonly #used: Record<string, Digest> = {};

  /** @param root Folder of the project, whose cache remembers the digests by those of the bytes. */
  constructor(root: string) {
    this.#path = join(root, "cache", "states", ".code.json");
    try {
      if (!Deno.lstatSync(this.#path).isFile) return;
      this.#known = { ...JSON.parse(Deno.readTextFileSync(this.#path)) };
    } catch {
      // Nothing remembered: every digest is taken again.
    }
  }

  /** The digest of a module. */
  of(path: string, bytes: Uint8Array): Digest {
    const whole = digestOf(bytes);
    if (!/\.m?[jt]s$/.test(path)) return whole;
    const key = `${Deno.version.deno} ${whole}`;
    const known = this.#known[key];
    const isDigest = typeof known === "string" && /^[0-9a-f]{64}$/.test(known);
    return this.#used[key] = isDigest ? known as Digest : digestOfCode(bytes) ?? whole;
  }

  /** Writes what is remembered, if it changed and can be written: it only saves time. */
  async save(): Promise<void> {
    if (Object.keys(this.#used).every((key) => Object.hasOwn(this.#known, key))) return;
    const kept = Object.keys(this.#known).length < MAX_REMEMBERED ? this.#known : {};
    this.#known = { ...kept, ...this.#used };
    await writeAtomically(this.#path, JSON.stringify(this.#known), false).catch(() => {});
  }
}

function digestOfCode(bytes: Uint8Array): Digest | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const tokens = tokensOf(stripTypeScriptTypes(text, { mode: "transform" }));
    return tokens && digestOf(tokens.join("\n"));
  } catch {
    // It cannot be parsed: whoever loads it reports that.
    return undefined;
  }
}

const SPACE = /(?:\s|\/\/.*|\/\*[^]*?\*\/)+/y;
const WORD = /\d[\w.]*|[\w$#@\\\u0080-\uffff]+/y;
const TEXT = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;
const TEMPLATE = /[`}](?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)/y;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;

/** Words after which a slash begins a pattern; after any other it divides. */
const OPERATORS =
  /^(return|typeof|case|in|instanceof|delete|void|throw|new|else|do|await|yield|extends|default)$/;

/** Words whose parentheses a statement follows. */
const HEADS = /^(if|while|for|with)$/;

/** What a slash is after a token: `/` of a division, `//` of a pattern, or "" where that is open. */
type Slash = "/" | "//" | "";

/**
 * The tokens of JavaScript as Deno prints it, every statement with its semicolon.
 *
 * @returns Undefined where a slash may be a division or begin a pattern.
 */
export function tokensOf(code: string): string[] | undefined {
  const tokens: string[] = [];
  /** For each open bracket, what a slash is after it closes; for a template, its quote. */
  const open: (Slash | "`")[] = [];
  let slash: Slash = "//";
  for (let at = 0; at < code.length;) {
    const match = (pattern: RegExp): string | undefined => {
      pattern.lastIndex = at;
      return pattern.exec(code)?.[0];
    };
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const character = code.charAt(at);
    const last = tokens.at(-1) ?? "";
    const isMember = tokens.at(-2) === ".";
    const word = match(WORD);
    let token: string | undefined = character;
    if (word !== undefined) {
      token = word;
      slash = word === "of" ? "" : OPERATORS.test(word) && last !== "." ? "//" : "/";
    } else if (`"'`.includes(character)) {
      token = match(TEXT);
      slash = "/";
    } else if (character === "`" || (character === "}" && open.at(-1) === "`")) {
      token = match(TEMPLATE);
      if (character === "}") open.pop();
      const isOpen = token?.endsWith("${") ?? false;
      if (isOpen) open.push("`");
      slash = isOpen ? "//" : "/";
    } else if (character === "/") {
      if (slash === "") return undefined;
      if (slash === "//") token = match(PATTERN);
      slash = slash === "//" ? "/" : "//";
    } else if ("([{".includes(character)) {
      const isLoop = last === "await" && tokens.at(-2) === "for";
      const isHead = character === "(" && (isLoop || HEADS.test(last)) && !isMember;
      open.push(character === "{" ? "" : isHead ? "//" : "/");
      slash = "//";
    } else if (")]}".includes(character)) {
      const after = open.pop();
      slash = after === "`" || after === undefined ? "" : after;
    } else slash = "+-".includes(character) && last === character ? "" : "//";
    if (token === undefined) return undefined;
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}
