import type { Uniform } from "../../lib/stats/random/stream.ts";

/** What is put into a file: what means something to YAML, to the runner, or to JavaScript. */
const TOKENS = [
  ..."{}[]:,&*!|>'\"%@`#-?=<~\t\n\\$/",
  "${",
  "${scale.factor}",
  "${a.${b}}",
  "${}",
  "{factor}",
  "<<: *a",
  "&a ",
  "*a",
  "!!binary ",
  "!!set ",
  "!x ",
  '1: a, "1": b',
  "007",
  "./cache/scaled.txt",
  "a/../number.txt",
  "!!js/function x",
  "---\n",
  "...\n",
  "? ",
  "- ",
  ": ",
  "null",
  "~",
  "true",
  "1e999",
  ".nan",
  "-0",
  "0x1F",
  "9007199254740993",
  "2026-01-01",
  "__proto__",
  "constructor",
  "toString",
  "../",
  "/",
  "cache/states/x",
  "cache/",
  "\u0000",
  "\uFEFF",
  "\u2028",
  "\uE000",
  "𝒳",
  "[".repeat(40),
  "{a: ".repeat(30),
  "  ".repeat(50),
  "for: { factor: [1, 2, 3] }",
  "for: { a: ${scale.list}, b: ${scale.list}, c: ${scale.list} }",
  "resources: { time: 1m }",
  "env: [HOME]",
];

type Mutation = (bytes: Uint8Array, random: Uniform) => Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Ways to spoil a file, each with its own kind of fault in mind. */
const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => splice(bytes, at(bytes, random), 1, [Math.floor(256 * random())]),
  (bytes, random) => splice(bytes, at(bytes, random), 0, encoder.encode(pick(TOKENS, random))),
  (bytes, random) => splice(bytes, at(bytes, random), Math.floor(20 * random()), []),
  (bytes, random) =>
    splice(
      bytes,
      at(bytes, random),
      Math.floor(6 * random()),
      encoder.encode(pick(TOKENS, random)),
    ),
  (bytes, random) => bytes.slice(0, at(bytes, random)),
  lines((all, random) => all.toSpliced(Math.floor(all.length * random()), 1)),
  lines((all, random) => all.toSpliced(Math.floor(all.length * random()), 0, pick(all, random))),
  lines((all, random) => {
    const [i, j] = [Math.floor(all.length * random()), Math.floor(all.length * random())];
    return all.with(i, all[j] ?? "").with(j, all[i] ?? "");
  }),
  lines((all, random) => {
    const i = Math.floor(all.length * random());
    return all.with(i, (random() < 0.5 ? "  " : "\t") + all[i]);
  }),
  lines((all, random) => {
    const i = Math.floor(all.length * random());
    return all.with(i, (all[i] ?? "").replace(/:.*/, `: ${pick(TOKENS, random)}`));
  }),
  (bytes, random) => {
    const words = decoder.decode(bytes).split(/\b/);
    const i = Math.floor(words.length * random());
    return encoder.encode(words.with(i, pick(words, random)).join(""));
  },
];

/** A file with one to four random faults; most are small, as a person's are. */
export function mutate(bytes: Uint8Array, random: Uniform): Uint8Array {
  let result = bytes;
  const times = 1 + Math.floor(4 * random() ** 2);
  for (let i = 0; i < times; i++) result = pick(MUTATIONS, random)(result, random);
  return result;
}

function lines(change: (all: readonly string[], random: Uniform) => readonly string[]): Mutation {
  return (bytes, random) =>
    encoder.encode(change(decoder.decode(bytes).split("\n"), random).join("\n"));
}

function pick<T>(items: readonly T[], random: Uniform): T {
  return items[Math.floor(items.length * random())]!;
}

function at(bytes: Uint8Array, random: Uniform): number {
  return Math.floor((bytes.length + 1) * random());
}

function splice(
  bytes: Uint8Array,
  start: number,
  remove: number,
  insert: Iterable<number>,
): Uint8Array {
  return Uint8Array.from([...bytes.slice(0, start), ...insert, ...bytes.slice(start + remove)]);
}
