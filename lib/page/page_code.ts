import { start } from "./app.ts";
import { bundle } from "./bundle.ts";
import { startFit } from "./fit/fit_app.ts";
import { serveFit } from "./fit/fit_worker.ts";
import * as drawing from "./packages/drawing.ts";
import * as fit from "./packages/fit.ts";
import * as game from "./packages/game.ts";
import type { PagePackages } from "./page_packages.ts";
import { startGraphs } from "./pan_zoom.ts";
// What the bundles take instead of other modules: a task may read the modules that it imports.
import "./fit/pipeline.ts";
import "./fit/plain_digest.ts";
import "./fit/plain_ndarray.ts";
import "./fit/plain_path.ts";
import "./fit/plain_zlib.ts";
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

const SETS = { drawing, game, fit } as const;

/**
 * Bundles the scripts of index.html, fit.html and run.html.
 *
 * @param packages Their packages, bundled.
 * @throws {TypeError} When the packages lack one.
 */
export async function pageCode(packages: PagePackages): Promise<PageCode> {
  const made = await bundle(
    [
      `import { ${start.name} as run } from "./app.ts";
     run(document, document.getElementById("worker").textContent);`,
      `import { ${serve.name} as run } from "./worker.ts"; run(self);`,
      `import { ${startFit.name} as run } from "./fit/fit_app.ts"; run(document);`,
      `import { ${serveFit.name} as run } from "./fit/fit_worker.ts"; run(self);`,
      `import { ${startGraphs.name} as run } from "./pan_zoom.ts"; run(document);`,
    ],
    new URL(import.meta.url).pathname,
    "before",
  );
  const script = (n: number, set: keyof typeof SETS): string => {
    const { code, needs } = made[n]!;
    const lacking = needs.find((name) => !Object.hasOwn(SETS[set], name));
    if (lacking === undefined) return packages[set] + code;
    throw new TypeError(`lib/page/packages/${set}.ts lacks ${lacking}: export it there`);
  };
  return {
    app: script(0, "drawing"),
    worker: script(1, "game"),
    fitApp: script(2, "drawing"),
    fitWorker: script(3, "fit"),
    graphs: made[4]!.code,
    licences: packages.licences,
    fitLicences: packages.fitLicences,
    wasm: packages.wasm,
  };
}
