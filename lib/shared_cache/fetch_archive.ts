import { join } from "@std/path";
import { digestOf } from "../base/digest.ts";
import { UnavailableError } from "../base/errors.ts";
import { download, StatusError } from "../fetch/download.ts";
import { guardedFetch } from "../fetch/http.ts";
import { DOWNLOADS } from "../runner/store.ts";
import { safeUrl } from "./settings.ts";

/**
 * Fetches an archive, without any token, from its address and from no other host.
 *
 * @param root Folder of the project.
 * @param address Where it is.
 * @returns Where it is now: an archive that was fetched before is not fetched again.
 * @throws {InputError} When the address may not be used.
 * @throws {UnavailableError} When it cannot be had.
 */
export async function fetchArchive(root: string, address: string): Promise<string> {
  const { href, origin, host } = safeUrl(address);
  const folder = join(root, DOWNLOADS);
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, `${digestOf(href)}.zip`);
  const fetch = guardedFetch({ origin, hosts: [], token: undefined });
  try {
    await download({ url: href, name: `the archive of ${host}` }, path, { fetch });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new UnavailableError(
      `Cannot fetch ${address}: ${host} does not give it (${error.message})`,
    );
  }
  return path;
}
