/**
 * Bundles modules for a browser, in this process: esbuild as WebAssembly needs neither a program to run
 * nor a file that a task may not read.
 *
 * @module
 */
import { createRequire, isBuiltin } from "node:module";
import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import * as esbuild from "esbuild-wasm/esm/browser.js";

/** Packages whose module for browsers is not the one that Node finds. */
const FOR_BROWSERS: Readonly<Record<string, string>> = {
  fflate: "../esm/browser.js",
  "csv-parse": "../esm/index.js",
  "onnxruntime-web/wasm": "ort.wasm.bundle.min.mjs",
};

/** Modules that a browser gets another one for. */
const INSTEAD: Readonly<Record<string, string>> = {
  "onnxruntime-node": "onnxruntime-web/wasm",
  "node:stream/promises": "./fit/pipeline.ts",
  "node:stream": "./fit/plain_zlib.ts",
  "node:zlib": "./fit/plain_zlib.ts",
  "@std/path": "./fit/plain_path.ts",
  "../../base/digest.ts": "./fit/plain_digest.ts",
  "../stats/ndarray.ts": "./fit/plain_ndarray.ts",
};

/** What the bundles' own code is called. */
const ENTRY = "entry-";
const HERE = fromFileUrl(import.meta.url);

/** The variable that a script of packages leaves them in, by name. */
const PACKAGES = "packages";

/** Code for a page, and what is in it. */
export interface Bundle {
  readonly code: string;
  /** Absolute paths of the modules of packages in it. */
  readonly modules: readonly string[];
  /** Names of the packages that have to run before it. */
  readonly needs: readonly string[];
}

/**
 * Bundles code that imports modules of the project. Packages are either in it, and it leaves what it
 * exports to the code that runs after it; or they are taken from what such a script has left.
 *
 * @param entries Of each bundle its code.
 * @param from The module from which the code's imports are resolved.
 * @param packages Where the packages are.
 * @returns A bundle for each.
 */
export async function bundle(
  entries: readonly string[],
  from: string,
  packages: "inside" | "before",
): Promise<Bundle[]> {
  const wasm = createRequire(import.meta.url).resolve("esbuild-wasm/esbuild.wasm");
  await esbuild.initialize({
    wasmModule: await WebAssembly.compile(await Deno.readFile(wasm)),
    worker: false,
  });
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: entries.map((_, n) => `${ENTRY}${n}`),
      outdir: "/",
      bundle: true,
      write: false,
      metafile: true,
      logLevel: "error",
      minify: true,
      charset: "utf8",
      legalComments: "none",
      // Where ONNX Runtime's own file would be: all of it is in the bundle.
      define: { "import.meta.url": '"about:blank"' },
      format: "iife",
      ...(packages === "inside" && { globalName: PACKAGES }),
      target: "es2022",
      plugins: [modulesOf(entries, from, packages)],
    });
    const outputs = Object.values(metafile.outputs);
    return outputFiles.map(({ text: code }, n) => {
      const names = Object.keys(outputs[n]!.inputs);
      const needs = names.filter((name) => name.startsWith(`${PACKAGES}:`));
      return {
        code,
        modules: names.filter((name) => name.includes("/node_modules/"))
          .map((name) => `/${name.replace(/^(\w+:)?\/?/, "")}`),
        needs: needs.map((name) => name.slice(PACKAGES.length + 1)),
      };
    });
  } finally {
    await esbuild.stop();
  }
}

/** Reads modules from the disk, and finds packages as Deno does. */
const modulesOf = (
  entries: readonly string[],
  from: string,
  packages: "inside" | "before",
): esbuild.Plugin => ({
  name: "modules",
  setup(build): void {
    const contents = (path: string): string => entries[Number(path.slice(ENTRY.length))]!;
    build.onLoad({ filter: /.*/, namespace: ENTRY }, ({ path }) => ({
      contents: contents(path),
      loader: "ts",
    }));
    build.onResolve({ filter: /.*/ }, (asked) => {
      if (asked.path.startsWith(ENTRY)) return { path: asked.path, namespace: ENTRY };
      const path = INSTEAD[asked.path] ?? asked.path;
      const importer = path.startsWith("./fit/") && asked.namespace !== ENTRY
        ? HERE
        : asked.namespace === ENTRY
        ? from
        : asked.importer;
      // No code that runs in a browser calls what only Node has, or reads parquet.
      if (isBuiltin(path) || /^hyparquet(\/|$)/.test(path)) return { path, namespace: "empty" };
      const own = /^\.{0,2}\/.*\.(ts|js|json)$/.test(path);
      if (own) {
        return { path: join(dirname(importer), path), namespace: "file", sideEffects: false };
      }
      if (packages === "before") return { path, namespace: PACKAGES };
      const found = createRequire(toFileUrl(importer)).resolve(path);
      const better = FOR_BROWSERS[path];
      return {
        path: better === undefined ? found : join(dirname(found), better),
        namespace: "file",
        sideEffects: false,
      };
    });
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "" }));
    build.onLoad({ filter: /.*/, namespace: PACKAGES }, ({ path }) => ({
      contents: `module.exports={__esModule:true,...${PACKAGES}[${JSON.stringify(path)}]}`,
    }));
    build.onLoad({ filter: /.*/, namespace: "file" }, async ({ path }) => ({
      contents: await Deno.readTextFile(path),
      loader: path.endsWith(".ts") ? "ts" : path.endsWith(".json") ? "json" : "js",
    }));
  },
});
