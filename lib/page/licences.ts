import { dirname, join } from "@std/path";

const FILES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"];

/**
 * The licences of the packages that modules belong to: these ask to go along with the code.
 *
 * @param modules Absolute paths; those of the project are left out.
 */
export async function licencesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.filter((path) => !path.endsWith(".ts")).map(dirname));
  const texts = new Map<string, Set<string>>();
  for (const folder of folders) {
    const found = await packageOf(folder);
    if (found === undefined) continue;
    const names = texts.get(found.text) ?? new Set();
    texts.set(found.text, names.add(found.name));
  }
  return [...texts].map(([text, names]) => `${[...names].sort().join(", ")}\n\n${text.trim()}`)
    .sort()
    .join("\n\n");
}

async function packageOf(
  folder: string,
): Promise<{ readonly name: string; readonly text: string } | undefined> {
  const read = (file: string): Promise<string | undefined> =>
    Deno.readTextFile(join(folder, file)).catch(() => undefined);
  const { name, license } = JSON.parse(await read("package.json") ?? "{}");
  if (name === undefined) {
    return folder === dirname(folder) ? undefined : packageOf(dirname(folder));
  }
  for (const file of FILES) {
    const text = await read(file);
    if (text !== undefined) return { name, text };
  }
  return { name, text: String(license) };
}
