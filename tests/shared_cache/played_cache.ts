import { join } from "@std/path";
import { copyTree } from "../copy_tree.ts";
import { fromFileUrl } from "@std/path";
import { Project } from "../runner/project.ts";

const LIB = fromFileUrl(new URL("../../lib/", import.meta.url));

/** The small project, with the shared cache. */
export async function createProject(): Promise<Project> {
  const project = await Project.create();
  for (const folder of ["fetch", "shared_cache"]) {
    await copyTree(join(LIB, folder), join(project.root, "lib", folder));
  }
  return project;
}

/** A cache on this machine that answers as it is told. */
export class PlayedCache implements AsyncDisposable {
  /** What it holds by path: `ac/KEY`, `cas/DIGEST`. */
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Requests: method, path and authorization. */
  readonly seen: string[] = [];
  /** Answers in place of the cache, where it gives something. */
  answer: ((path: string, request: Request) => Response | undefined) | undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { port: 0, hostname: "127.0.0.1", onListen: (): void => {} };
    this.#server = Deno.serve(options, (request) => this.#handle(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async #handle(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.slice(1);
    const authorization = request.headers.get("authorization");
    this.seen.push([request.method, path, authorization ?? ""].join(" ").trim());
    const answer = this.answer?.(path, request);
    if (answer !== undefined) return answer;
    if (request.method === "PUT") {
      if (authorization !== "Bearer secret") return new Response("", { status: 403 });
      // bazel-remote demands it.
      if (!request.headers.has("content-length")) return new Response("", { status: 411 });
      this.files.set(path, await request.bytes());
      return new Response("", { status: 201 });
    }
    const bytes = this.files.get(path);
    if (bytes === undefined) return new Response("", { status: 404 });
    return new Response(bytes, { headers: { "content-length": String(bytes.length) } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
