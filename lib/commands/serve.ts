/**
 * `deno task serve [--port=8000] [--host=127.0.0.1] [--open]`: serves figures/, the page first. It reads
 * that folder alone, and is reached from this machine alone unless --host says otherwise.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { extname, join } from "@std/path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".pdf": "application/pdf",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
};
const PAGE = "/report/index.html";
const HEADERS = { "x-content-type-options": "nosniff", "cache-control": "no-cache" };

/**
 * Answers a request for a file.
 *
 * @param folder What is served; nothing outside it is, nor what links lead to outside it.
 */
export async function answer(request: Request, folder: string): Promise<Response> {
  const plain = (status: number, text: string, more: HeadersInit = {}): Response =>
    new Response(`${text}\n`, {
      status,
      headers: { "content-type": "text/plain; charset=utf-8", ...HEADERS, ...more },
    });
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "Only GET and HEAD are answered.", { allow: "GET, HEAD" });
  }
  let path: string;
  try {
    path = decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return plain(400, "The address is not a valid one.");
  }
  if (path === "/" || path === "/report" || path === "/report/") {
    return path === "/report/" ? await file(PAGE) : plain(302, PAGE, { location: PAGE });
  }
  return await file(path);

  async function file(path: string): Promise<Response> {
    const none = plain(404, `There is no ${path}. The page is made by: deno task report`);
    const isSafe = !/[\\\0]/.test(path) && !path.split("/").some((part) => part.startsWith("."));
    const type = TYPES[extname(path)];
    if (!isSafe || type === undefined) return none;
    try {
      const real = await Deno.realPath(join(folder, path));
      if (!real.startsWith(join(await Deno.realPath(folder), "/"))) return none;
      const bytes = await Deno.readFile(real);
      const headers = { "content-type": type, "content-length": `${bytes.length}`, ...HEADERS };
      return new Response(request.method === "HEAD" ? null : bytes, { headers });
    } catch {
      return none;
    }
  }
}

/** What opens an address in the person's browser. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  windows: ["cmd", "/c", "start", ""],
  linux: ["xdg-open"],
};

async function say(text: string): Promise<void> {
  await Deno.stderr.write(new TextEncoder().encode(`${text}\n`));
}

async function open(address: string): Promise<void> {
  const [program, ...args] = OPENERS[Deno.build.os] ?? OPENERS["linux"]!;
  try {
    const { success } = await new Deno.Command(program!, { args: [...args, address] }).output();
    if (!success) await say(`No browser could be opened; open ${address} yourself.`);
  } catch {
    await say(`No browser could be opened; open ${address} yourself.`);
  }
}

if (import.meta.main) {
  let unknown: string | undefined;
  const options = parseArgs(Deno.args, {
    string: ["port", "host"],
    boolean: ["open", "help"],
    unknown: (written) => void (unknown ??= written),
  });
  unknown ??= options._[0];
  if (options["help"] === true || unknown !== undefined) {
    if (unknown !== undefined) await say(`serve does not know ${unknown}.`);
    await say(
      "Usage: deno task serve [--port=8000] [--host=127.0.0.1] [--open]\n\n" +
        "Serve the page and the figures; --open opens the page in a browser.",
    );
    Deno.exit(unknown === undefined ? 0 : 2);
  }
  const written = String(options["port"] ?? "8000");
  const port = Number(written);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536)) {
    await say(`--port=${written} is not a port: write a whole number from 0 to 65535.`);
    Deno.exit(2);
  }
  try {
    const server = Deno.serve({
      port,
      hostname: String(options["host"] ?? "127.0.0.1"),
      onListen: async ({ hostname, port }: Deno.NetAddr) => {
        const address = `http://${
          hostname.includes(":") ? `[${hostname}]` : hostname
        }:${port}${PAGE}`;
        await say(`${address}\nCtrl-C ends it.`);
        if (options["open"] === true) await open(address);
      },
    }, (request) => answer(request, join(Deno.cwd(), "figures")));
    await server.finished;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    await say(`Port ${port} is taken; choose another: deno task serve --port=${port + 1}`);
    Deno.exit(2);
  }
}
