import { createHash } from "node:crypto";

/** A request as the server saw it. */
export interface Seen {
  readonly host: "hub" | "content";
  readonly path: string;
  readonly authorization: string | null;
  readonly range: string | null;
}

/** Answers a request in place of what the server would. */
export type Answer = (request: Request, seen: Seen) => Response | undefined;

/** What the played hub serves. */
export interface HubOptions {
  /** Files of the data set by path. */
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** Needed for everything of the hub; undefined: it is public. */
  readonly token?: string;
}

/** The commit that the played data set is at. */
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Two servers on this machine: the hub, which redirects to the host of contents. */
export class PlayedHub implements AsyncDisposable {
  readonly seen: Seen[] = [];
  /** Answers that are used up one by one, each for the first request that it answers. */
  readonly answers: Answer[] = [];
  /** Answers what no answer did, in place of the hub. */
  fallback: Answer | undefined;
  readonly #files: HubOptions["files"];
  readonly #token: string | undefined;
  readonly #hub: Deno.HttpServer<Deno.NetAddr>;
  readonly #content: Deno.HttpServer<Deno.NetAddr>;

  constructor({ files, token }: HubOptions) {
    this.#files = files;
    this.#token = token;
    const serve = (host: Seen["host"]): Deno.HttpServer<Deno.NetAddr> =>
      Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {}, onError: () => new Response() },
        (request) => this.#handle(host, request),
      );
    this.#hub = serve("hub");
    this.#content = serve("content");
  }

  get url(): string {
    return `http://127.0.0.1:${this.#hub.addr.port}`;
  }

  get contentHost(): string {
    return `127.0.0.1:${this.#content.addr.port}`;
  }

  #handle(host: Seen["host"], request: Request): Response {
    const { pathname, search } = new URL(request.url);
    const seen: Seen = {
      host,
      path: pathname,
      authorization: request.headers.get("authorization"),
      range: request.headers.get("range"),
    };
    this.seen.push(seen);
    for (const [i, answer] of this.answers.entries()) {
      const response = answer(request, seen);
      if (response === undefined) continue;
      this.answers.splice(i, 1);
      return response;
    }
    const instead = this.fallback?.(request, seen);
    if (instead !== undefined) return instead;
    if (host === "content") return this.bytes(pathname.slice(1), request);
    if (this.#token !== undefined && seen.authorization !== `Bearer ${this.#token}`) {
      return Response.json({ error: "Repository not found" }, {
        status: 401,
        headers: { "x-error-code": "RepoNotFound" },
      });
    }
    const tree = /\/tree\/[^/]+\/?(.*)$/.exec(pathname);
    if (pathname.includes("/revision/")) {
      return Response.json({ _id: "1", id: "o/n", sha: COMMIT, lastModified: "2026-01-01" });
    }
    if (tree) return this.#list(tree[1] ?? "", new URLSearchParams(search), request.url);
    const file = /\/resolve\/[^/]+\/(.*)$/.exec(pathname)?.[1];
    if (file !== undefined && this.#files[file] !== undefined) {
      return new Response(null, {
        status: 302,
        headers: { location: `http://${this.contentHost}/${file}` },
      });
    }
    return new Response("Entry not found", { status: 404 });
  }

  /** One entry a page, so that the pages are followed. */
  #list(folder: string, search: URLSearchParams, url: string): Response {
    const all = Object.entries(this.#files).map(([path, bytes]) => ({
      type: "file",
      path,
      size: bytes.length,
      oid: "0",
      lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 100 },
    }));
    const recursive = search.get("recursive") === "true";
    const folders = [...new Set(all.map(({ path }) => path.split("/")[0] ?? ""))]
      .filter((path) => !(path in this.#files)).map((path) => ({
        type: "directory",
        path,
        size: 0,
      }));
    const entries = recursive
      ? all.filter(({ path }) => path.startsWith(`${folder}/`))
      : [...folders, ...all.filter(({ path }) => !path.includes("/"))];
    const page = Number(search.get("page") ?? 0);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const headers = new Headers();
    if (page + 1 < entries.length) headers.set("link", `<${next}>; rel="next"`);
    return Response.json(entries.slice(page, page + 1), { headers });
  }

  /** Bytes of a file. */
  sizeOf(path: string): number {
    return this.#files[path]?.length ?? 0;
  }

  /** A file, or the rest of it by range. */
  bytes(path: string, request: Request): Response {
    const bytes = this.#files[decodeURIComponent(path)];
    if (bytes === undefined) return new Response(null, { status: 404 });
    const etag = `"${sha256(bytes)}"`;
    const range = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
    const same = request.headers.get("if-range") === etag;
    if (!range || !same) return new Response(bytes, { headers: { etag } });
    const start = Number(range[1]);
    if (start >= bytes.length) return new Response(null, { status: 416 });
    return new Response(bytes.slice(start), {
      status: 206,
      headers: { etag, "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#hub.shutdown(), this.#content.shutdown()]);
  }
}

/** A response that says how long it is, and is cut after some of its bytes. */
export function cutAfter(bytes: Uint8Array<ArrayBuffer>, count: number): Response {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller): void {
      if (sent) return controller.error(new Error("cut"));
      sent = true;
      controller.enqueue(bytes.slice(0, count));
    },
  });
  const headers = { "content-length": String(bytes.length), etag: `"${sha256(bytes)}"` };
  return new Response(body, { headers });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
