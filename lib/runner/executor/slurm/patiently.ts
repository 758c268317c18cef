/** How long a network file system may take to show what another machine wrote, in ms. */
const PATIENCE = 60_000;

/** Time between two looks, in ms. */
const INTERVAL = 500;

/**
 * Looks for what another machine wrote, until it shows.
 *
 * @param folder Where it appears: to open a folder renews what the file system remembers of it.
 * @param look Gives what was found, or undefined.
 * @param patience When to give up, in ms.
 */
export async function patiently<Found>(
  folder: string,
  look: () => Promise<Found | undefined>,
  patience: number = PATIENCE,
): Promise<Found | undefined> {
  for (const end = Date.now() + patience;;) {
    const found = await look();
    if (found !== undefined || Date.now() > end) return found;
    renew(folder);
    await new Promise((done) => setTimeout(done, INTERVAL));
  }
}

/** Opens a folder, so that a network file system asks what is in it. */
export function renew(folder: string): void {
  try {
    Deno.readDirSync(folder)[Symbol.iterator]().next();
  } catch {
    // It is not there yet.
  }
}
