import { base64 } from "../base64.ts";
import type { PageCode } from "../page_code.ts";
import type { FitData } from "./fit_app.ts";
import { fitHtml } from "./fit_html.ts";

/**
 * Makes fit.html.
 *
 * @param data What its script reads.
 * @param graph The exported graph, with its digest.
 * @param code The page's scripts.
 */
export function makeFitPage(
  data: FitData,
  graph: { readonly bytes: Uint8Array; readonly digest: string },
  { fitApp, fitWorker, fitLicences, wasm }: PageCode,
): string {
  return fitHtml({
    data: JSON.stringify(data),
    script: fitApp,
    worker: fitWorker,
    wasm,
    graph: base64(graph.bytes),
    graphDigest: graph.digest,
    licences: fitLicences,
  });
}
