/**
 * Writes files into a folder, or a zip file, each only if it has the bytes that its digest says. It
 * has its own process, since a build may write to the folders of outputs alone; the order is JSON on standard input.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { endingOf } from "../../base/ending.ts";
import { InputError } from "../../base/errors.ts";
import { copyVerified } from "../copy_verified.ts";
import { digestOf } from "../../base/digest.ts";
import type { Copied, CopyOrder } from "./copy_out.ts";

const { to, files } = await new Response(Deno.stdin.readable).json() as CopyOrder;
try {
  if (to.endsWith(".zip")) await whole(to, writeZip);
  else {for (const file of files) {
      await whole(join(to, file.name), (staged) => writeOne(file, staged));
    }}
} catch (cause) {
  Deno.stderr.writeSync(new TextEncoder().encode(endingOf(cause, "").message));
  Deno.exit(1);
}

async function writeOne(file: Copied, staged: string): Promise<void> {
  if ("text" in file) return await Deno.writeTextFile(staged, file.text);
  if (await copyVerified(file.file, staged) !== file.digest) throw damaged(file.file);
}

/** Writes by a name beside it, so that a reader never sees half a file. */
async function whole(path: string, write: (staged: string) => Promise<void>): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const staged = `${path}.part`;
  await Deno.remove(staged).catch(() => {});
  await write(staged);
  await Deno.rename(staged, path);
}

async function writeZip(path: string): Promise<void> {
  const { zipSync } = await import("fflate");
  const entries = files.map((file) => [file.name, bytesOf(file)] as const);
  // The same files give the same bytes: the date is the first that a zip can have.
  await Deno.writeFile(path, zipSync(Object.fromEntries(entries), { mtime: "1980-01-01" }));
}

function bytesOf(file: Copied): Uint8Array {
  if ("text" in file) return new TextEncoder().encode(file.text);
  const bytes = Deno.readFileSync(file.file);
  if (digestOf(bytes) !== file.digest) throw damaged(file.file);
  return bytes;
}

function damaged(path: string): InputError {
  return new InputError(`${path} is damaged. Run again.`);
}
