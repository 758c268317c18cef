import { join } from "@std/path";
import { InputError } from "../base/errors.ts";
import { LOOPBACK } from "../fetch/http.ts";
import { cacheDefinition } from "../runner/config/definition.ts";
import { nodeAt, parseWorkflowDocument, valueOf } from "../runner/config/document.ts";

/** Variables of the environment: what may be written, and who signs. */
export const TOKEN = "SE_CACHE_TOKEN";
export const SIGNING_KEY = "SE_CACHE_SIGNING_KEY";

/** Where the shared cache is, and whose signatures are trusted. */
export interface Settings {
  /** Without a slash at the end; undefined when none is named. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** Public keys whose signatures are believed; without any, records need no signature. */
  readonly trusted: readonly string[];
}

/**
 * The settings of a project whose workflow has been planned, and so is valid.
 *
 * @param root Folder of workflow.yaml.
 * @param url An address that takes the place of the one in workflow.yaml.
 * @throws {InputError} When the address or the token cannot be used.
 */
export async function readSettings(root: string, url: string | undefined): Promise<Settings> {
  const file = "workflow.yaml";
  const document = parseWorkflowDocument(await Deno.readFile(join(root, file)), file);
  const node = nodeAt(document, ["cache"]);
  const section = cacheDefinition.parse(node === undefined ? {} : valueOf(node));
  const named = url ?? section.url;
  return {
    url: named === undefined ? undefined : usableUrl(named),
    token: readToken(),
    trusted: section.trusted_keys ?? [],
  };
}

/**
 * An address over which results may come: https, or http of this machine.
 *
 * @throws {InputError} When it is not one.
 */
export function safeUrl(text: string): URL {
  const cannot = (why: string): InputError => new InputError(`Cannot use ${text}: ${why}`);
  if (!URL.canParse(text)) throw cannot("it is not an address such as https://cache.example.org");
  const url = new URL(text);
  const isLocal = url.protocol === "http:" && LOOPBACK.test(url.hostname);
  if (url.protocol !== "https:" && !isLocal) {
    throw cannot("only https is used, and http on this machine alone");
  }
  if (url.username !== "" || url.password !== "") {
    throw new InputError(
      `Cannot use the address of ${url.host}: it holds a password; put that into ${TOKEN}`,
    );
  }
  return url;
}

function usableUrl(text: string): string {
  const url = safeUrl(text);
  if (url.search === "" && url.hash === "") return url.href.replace(/\/+$/, "");
  throw new InputError(`Cannot use ${text}: give the address without ? and #`);
}

function readToken(): string | undefined {
  const token = Deno.env.get(TOKEN)?.trim();
  if (token === undefined || token === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new InputError(`Cannot use ${TOKEN}: a token has plain letters, digits and signs only`);
}
