import { UnavailableError } from "../base/errors.ts";

/** Where requests may go, and with what. */
export interface Access {
  /** Where requests start, such as `https://huggingface.co`. */
  readonly origin: string;
  /** Further hosts that may be reached, by redirects: `name`, `name:port` or `*.name`. */
  readonly hosts: readonly string[];
  /** Sent to the origin, and to nothing else. */
  readonly token: string | undefined;
}

/** So many redirects in a row are followed. */
const MAX_REDIRECTS = 5;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Names and addresses of this machine, which nobody can listen to on the way. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * A fetch that goes over https to the given hosts alone, and sends the token to its origin alone: each
 * redirect is followed here, one at a time, and one to another origin goes without the token. Plain
 * http is for an origin on this machine, as tests have.
 *
 * @param access Where requests may go.
 * @returns To be used in place of `fetch`, for GET and HEAD. It throws {@linkcode UnavailableError} for
 * an address that may not be reached; an authorisation in the request itself is dropped.
 */
export function guardedFetch(access: Access): typeof fetch {
  const origin = new URL(access.origin);
  const local = LOOPBACK.test(origin.hostname);
  const check = (url: URL): void => {
    const where = `${url.protocol}//${url.host}`;
    if (url.protocol !== "https:" && !(local && url.protocol === "http:" && isLoopback(url))) {
      throw new UnavailableError(`Cannot go to ${where}: only https is used`);
    }
    if (url.origin !== origin.origin && !access.hosts.some((host) => matches(host, url))) {
      throw new UnavailableError(
        `Cannot go to ${where}: only ${[origin.host, ...access.hosts].join(", ")} may be reached`,
      );
    }
  };
  return async (input, init = {}) => {
    let url = new URL(input instanceof Request ? input.url : input);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      check(url);
      const headers = new Headers(init.headers);
      headers.delete("authorization");
      headers.delete("cookie");
      if (access.token !== undefined && url.origin === origin.origin) {
        headers.set("authorization", `Bearer ${access.token}`);
      }
      const response = await fetch(url, { ...init, headers, redirect: "manual" });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null) return response;
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new UnavailableError(`Cannot fetch from ${url.host}: it redirects without end`);
  };
}

/** The host of an address as a task's network permission names it. */
export function hostOf(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

function matches(host: string, url: URL): boolean {
  if (host.startsWith("*.")) return url.port === "" && url.hostname.endsWith(host.slice(1));
  return host === url.host || host === hostOf(url.href);
}
