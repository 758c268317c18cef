import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { start } from "./app.ts";
import { base64 } from "./base64.ts";
import { bundle } from "./bundle.ts";
import { startFit } from "./fit/fit_app.ts";
import { serveFit } from "./fit/fit_worker.ts";
import { licencesOf } from "./licences.ts";
import { startGraphs } from "./pan_zoom.ts";
// What the bundles take instead of other modules: a task may read the modules that it imports.
import "./fit/pipeline.ts";
import "./fit/plain_ndarray.ts";
import { serve } from "./worker.ts";

/** The scripts of the pages, and the licences of the packages in them. */
export interface PageCode {
  readonly app: string;
  readonly worker: string;
  readonly licences: string;
  readonly fitApp: string;
  readonly fitWorker: string;
  readonly fitLicences: string;
  /** What makes the graphs of run.html move. */
  readonly graphs: string;
  /** ONNX Runtime, as gzip in base64. */
  readonly wasm: string;
}

const WASM = "onnxruntime-web/ort-wasm-simd-threaded.wasm";
const { resolve } = createRequire(import.meta.url);

/** Bundles the scripts of index.html, fit.html and run.html. */
export async function pageCode(): Promise<PageCode> {
  const [app, worker, fitApp, fitWorker, graphs] = await bundle([
    `import { ${start.name} as run } from "./app.ts";
     run(document, document.getElementById("worker").textContent);`,
    `import { ${serve.name} as run } from "./worker.ts"; run(self);`,
    `import { ${startFit.name} as run } from "./fit/fit_app.ts"; run(document);`,
    `import { ${serveFit.name} as run } from "./fit/fit_worker.ts"; run(self);`,
    `import { ${startGraphs.name} as run } from "./pan_zoom.ts"; run(document);`,
  ], new URL(import.meta.url).pathname);
  return {
    app: app!.code,
    worker: worker!.code,
    licences: await licencesOf([...app!.modules, ...worker!.modules]),
    fitApp: fitApp!.code,
    fitWorker: fitWorker!.code,
    graphs: graphs!.code,
    wasm: base64(gzipSync(await Deno.readFile(resolve(WASM)), { level: 6 })),
    fitLicences: await licencesOf([...fitApp!.modules, ...fitWorker!.modules]),
  };
}
