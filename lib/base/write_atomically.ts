import { dirname } from "@std/path";

/** Writes a file so that it appears whole or not at all; flushed, it outlives a failing machine. */
export async function writeAtomically(path: string, text: string, flushed = true): Promise<void> {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    Deno.writeTextFileSync(temporary, text);
    if (flushed) await flush(temporary);
    removeUnlessFile(path);
    Deno.renameSync(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw cause;
  }
}

/** Writes what the system still holds of a file to the disk. */
export async function flush(path: string): Promise<void> {
  using file = Deno.openSync(path, { read: true, write: true });
  await file.sync();
}

/**
 * Removes what stands where a file belongs and is not one: to open a pipe would wait for its other end,
 * and a link may lead to a person's file. A folder that holds something stays, and is reported.
 */
export function removeUnlessFile(path: string): void {
  try {
    if (!Deno.lstatSync(path).isFile) Deno.removeSync(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
}
