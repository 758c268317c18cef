/**
 * One measurement in a process of its own, so that its memory is its own: prints JSON.
 *
 * deno run -A bench/measure_estimation.ts fiml FILE|SxP d
 * deno run -A bench/measure_estimation.ts logistic FILE|SxP d
 * deno run -A bench/measure_estimation.ts parallel FILE|SxP
 * deno run -A bench/measure_estimation.ts stream SxP
 * deno run -A bench/measure_estimation.ts quartimin P d
 *
 * FILE is an artifact of items; SxP, such as 48x3000, a simulated table. `first` is the first call in the
 * process, with the libraries to load; `again` the best of the next four.
 *
 * @module
 */
import { FACTOR_MODELS } from "../lib/estimation/factor_models.ts";
import type { Fit } from "../lib/estimation/fiml/fit_fiml.ts";
import { parallelAnalysis, parallelAnalysisOfBlocks } from "../lib/estimation/parallel_analysis.ts";
import { rotate } from "../lib/estimation/rotation/rotate.ts";
import { type StandardisedItems, standardisedItems } from "../lib/estimation/standardised_items.ts";
import { matrix } from "../lib/stats/matrix.ts";
import { decodeArrays } from "../lib/artifact/kind.ts";
import { items } from "../lib/artifact/kinds.ts";
import { decodeNpz } from "../lib/artifact/npz.ts";
import { encodeModel } from "../lib/onnx/encode_model.ts";
import { normal } from "../lib/stats/random/normal.ts";
import { stream } from "../lib/stats/random/stream.ts";
import { type Responses, responsesOf } from "../lib/responses/responses.ts";
import { simulate } from "./simulate.ts";

const HORN = { nReplications: 20, percentile: 95, seed: "0" };
const [what, size = "", factors = "8"] = Deno.args;
const d = Number(factors);

async function table(name: string): Promise<Responses> {
  const [S, p] = name.split("x").map(Number);
  if (S && p) return simulate(S, p, 8);
  return responsesOf(decodeArrays(items, decodeNpz(await Deno.readFile(name)), name).arrays);
}

/** The same items over and over, standardised anew each time, as if they were read from a file. */
function* repeated(part: Responses, p: number): Generator<StandardisedItems> {
  const each = part.itemIds.length;
  for (let done = 0; done < p; done += each) yield* standardisedItems(part, each);
}

async function timed<T>(work: () => Promise<T>, again = 4): Promise<Record<string, unknown>> {
  const seconds: number[] = [];
  let result: T;
  do {
    const start = performance.now();
    result = await work();
    seconds.push((performance.now() - start) / 1000);
  } while (seconds.length <= again);
  return { first: seconds[0], again: Math.min(...seconds.slice(again === 0 ? 0 : 1)), result };
}

async function measure(): Promise<Record<string, unknown>> {
  switch (what) {
    case "fiml":
    case "logistic": {
      const model = FACTOR_MODELS[what === "fiml" ? "gaussian" : "logistic"];
      const items = await table(size);
      const options = { nFactors: d, precision: "float64", depth: 4 } as const;
      const graph = await encodeModel(model.graph(options), {});
      const fit = (maxEpochs: number, tolerance: number): Promise<Fit> =>
        model.fit(items, {
          ...options,
          graph,
          device: "cpu",
          maxEpochs,
          tolerance,
          psiFloor: 0.2,
          threads: 2,
        });
      const large = items.itemIds.length > 40_000;
      const total = await timed(async () => {
        const { logLikelihoods, converged } = await fit(3000, 1e-9);
        const iterations = logLikelihoods.length - 1;
        return { iterations, logLikelihood: logLikelihoods.at(-1), converged };
      }, large ? 1 : 4);
      // A tolerance that is never met: 20 iterations more, in one call of the graph.
      const short = Number((await timed(() => fit(5, 1e-300), large ? 2 : 8))["again"]);
      const long = Number((await timed(() => fit(25, 1e-300), large ? 2 : 8))["again"]);
      return { ...total, millisecondsAnIteration: (1000 * (long - short)) / 20 };
    }
    case "parallel": {
      const items = await table(size);
      return await timed(
        async () => ({ d: (await parallelAnalysis(items, HORN)).nFactors }),
        items.itemIds.length > 40_000 ? 1 : 4,
      );
    }
    case "stream": {
      const [S = 48, p = 1e6] = size.split("x").map(Number);
      const part = simulate(S, 5000, 8);
      return await timed(
        async () => ({ d: (await parallelAnalysisOfBlocks(repeated(part, p), S, HORN)).nFactors }),
        0,
      );
    }
    case "quartimin": {
      const p = Number(size);
      const gauss = normal(stream("bench", "quartimin"));
      const loadings = matrix(p, d);
      for (let i = 0; i < p; i++) {
        for (let j = 0; j < d; j++) {
          loadings.data[i * d + j] = (j === 0 ? 0.4 : 0) + (i % d === j ? 0.5 : 0) + 0.08 * gauss();
        }
      }
      return await timed(async () => {
        const options = { method: "quartimin", nStarts: 8, kaiser: true, seed: "0" } as const;
        const { method, nConverged, spread } = await rotate(loadings, options);
        return { method, nConverged, spread };
      }, 2);
    }
    default:
      throw new RangeError(`Cannot measure ${what}`);
  }
}

const measured = await measure();
const status = await Deno.readTextFile("/proc/self/status");
const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
// deno-lint-ignore no-console -- this is what it is for
console.log(JSON.stringify({ ...measured, peakMiB: Math.round(peak) }));
