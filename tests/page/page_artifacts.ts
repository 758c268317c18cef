import * as kinds from "../../lib/artifact/kinds.ts";
import type { Artifact } from "../../lib/artifact/artifact.ts";
import type { Kind } from "../../lib/artifact/kind.ts";
import type { PageArtifacts } from "../../lib/page/make_article.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { syntheticPool } from "../../lib/pool/synthetic_pool.ts";
import { smallResults } from "../figure/small_results.ts";
import { resultsOf } from "../results.ts";

/** What the page of a small synthetic game is made from. */
export async function pageArtifacts(): Promise<PageArtifacts> {
  const { oneShot, repeated, map, curves } = await smallResults();
  const lineage = { task: "t", params: {}, inputs: {}, facts: { simulated: true } };
  let n = 0;
  const artifact = <K extends Kind>(contents: Omit<Artifact<K>, "file">): Artifact<K> => ({
    ...contents,
    lineage,
    file: { path: "", name: `cache/a${n}.npz`, digest: String(n++).repeat(64).slice(0, 64) },
  });
  const { z } = await syntheticPool(4, 6, "page");
  const pool = (): Artifact<typeof kinds.pool> =>
    artifact(resultsOf(kinds.pool, { N: 24, d: 4 }, { z }, {}));
  const loadings = matrix(6, 2, Float64Array.of(1, 0, 0.5, 0, 0.2, 0, 0, 1, 0, 0.5, 0, 0.2));
  return {
    one_shot: oneShot,
    ...{ repeated, repeated_synthetic: repeated, validation: repeated, map, closedform: curves },
    ...{ validation_synthetic: repeated, map_synthetic: map, closedform_synthetic: curves },
    pool: pool(),
    pool_synthetic: pool(),
    parallel_analysis: artifact(resultsOf(kinds.parallelAnalysis, { S: 4, R: 2 }, {
      eigenvalues: Float64Array.of(4, 1, 0.6, 0.4),
      thresholds: Float64Array.of(1.5, 1.2, 0.8, 0.5),
      n_factors: 1,
    }, {
      ...{ n_factors: 1, n_subjects: 4, n_items: 6, n_replications: 2, percentile: 95, seed: "" },
    })),
    loadings: artifact(resultsOf(kinds.loadings, { p: 6, d: 2 }, {
      raw: loadings,
      rotated: loadings,
      item_id: ["1", "2", "3", "4", "5", "6"],
    }, {
      ...{ method: "quartimin", fallback: null, criterion: 0, n_starts_converged: 1, seed: "" },
      ...{ criterion_spread: 0, condition_phi: 1, highest_leverage: 0.5 },
    })),
    tasks: artifact(resultsOf(kinds.tasks, { N: 6, d: 2 }, {
      projected: loadings,
      sparsified: loadings,
      item_id: ["1", "2", "3", "4", "5", "6"],
    }, { n_tasks: 6, n_dropped_without_positive_loading: 0 })),
  };
}
