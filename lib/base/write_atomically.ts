import { dirname } from "@std/path";

/** Writes a file so that it appears whole or not at all; flushed, it outlives a failing machine. */
export async function writeAtomically(path: string, text: string, flushed = true): Promise<void> {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    Deno.writeTextFileSync(temporary, text);
    if (flushed) await flush(temporary);
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
