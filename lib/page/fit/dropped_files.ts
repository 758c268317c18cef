/** A file that a browser was given, by its path from the root `/`. */
export interface DroppedFile {
  readonly path: string;
  readonly blob: Blob;
}

/** Reads a part of a file at once, as a worker can. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/**
 * Deno's calls on files, as far as the readers of tables use them, for files that a browser was given:
 * the readers run as they stand.
 */
export function droppedFiles(
  files: readonly DroppedFile[],
): Readonly<Record<"open" | "stat" | "readDir" | "SeekMode", unknown>> {
  const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
  const stat = (path: string): { isFile: boolean; isDirectory: boolean; size: number } => {
    const blob = blobs.get(path);
    const within = path.endsWith("/") ? path : `${path}/`;
    const isDirectory = files.some((file) => file.path.startsWith(within));
    if (blob === undefined && !isDirectory) throw new Error(`there is no file ${path}`);
    return { isFile: blob !== undefined, isDirectory, size: blob?.size ?? 0 };
  };
  async function* readDir(folder: string): AsyncGenerator<
    { name: string; isFile: boolean; isDirectory: boolean; isSymlink: boolean }
  > {
    const within = folder.endsWith("/") ? folder : `${folder}/`;
    const names = files.filter(({ path }) => path.startsWith(within))
      .map(({ path }) => path.slice(within.length).split("/", 1)[0]!);
    for (const name of new Set(names)) {
      yield { ...stat(within + name), name, isSymlink: false };
    }
  }
  return {
    stat: (path: string) => Promise.resolve().then(() => stat(path)),
    readDir,
    open: (path: string) => Promise.resolve().then(() => openBlob(blobs.get(path)!)),
    SeekMode: { Start: 0 },
  };
}

function openBlob(blob: Blob): unknown {
  const { FileReaderSync } = globalThis as unknown as { FileReaderSync: new () => SyncReader };
  let at = 0;
  const take = (into: Uint8Array, bytes: ArrayBuffer): number | null => {
    into.set(new Uint8Array(bytes));
    at += bytes.byteLength;
    return bytes.byteLength === 0 && into.length > 0 ? null : bytes.byteLength;
  };
  const next = ({ length }: Uint8Array): Blob => blob.slice(at, at + length);
  const seekSync = (offset: number): number => at = offset;
  return {
    stat: () => Promise.resolve({ size: blob.size }),
    statSync: () => ({ size: blob.size }),
    seekSync,
    seek: (offset: number) => Promise.resolve(seekSync(offset)),
    read: async (into: Uint8Array) => take(into, await next(into).arrayBuffer()),
    readSync: (into: Uint8Array) => take(into, new FileReaderSync().readAsArrayBuffer(next(into))),
    close: () => {},
    [Symbol.dispose]: () => {},
  };
}
