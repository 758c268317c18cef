import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { base64 } from "./base64.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { licencesOf } from "./licences.ts";
// A task may read the packages that it imports.
import "./packages/drawing.ts";
import "./packages/fit.ts";
import "./packages/game.ts";

/** The packages in the scripts of the pages. */
export type PackageSet = "drawing" | "game" | "fit";

/** Scripts that have to run before those of the project, and what goes along with them. */
export interface PagePackages extends Readonly<Record<PackageSet, string>> {
  readonly licences: string;
  readonly fitLicences: string;
  /** ONNX Runtime, as gzip in base64. */
  readonly wasm: string;
}

const WASM = "onnxruntime-web/ort-wasm-simd-threaded.wasm";
const { resolve } = createRequire(import.meta.url);

/** Bundles the packages: they change with their versions alone. */
export async function pagePackages(): Promise<PagePackages> {
  const [drawing, game, fit] = await bundle(
    ["drawing", "game", "fit"].map((name) => `export * from "./packages/${name}.ts";`),
    new URL(import.meta.url).pathname,
    "inside",
  ) as [Bundle, Bundle, Bundle];
  return {
    drawing: drawing.code,
    game: game.code,
    fit: fit.code,
    licences: await licencesOf([...drawing.modules, ...game.modules]),
    fitLicences: await licencesOf([...drawing.modules, ...fit.modules]),
    wasm: base64(gzipSync(await Deno.readFile(resolve(WASM)), { level: 6 })),
  };
}
