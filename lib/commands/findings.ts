import { decodeArtifact, type Results } from "../artifact/artifact.ts";
import type { Kind } from "../artifact/kind.ts";
import * as kinds from "../artifact/kinds.ts";
import { type Claim, outcomeOf } from "../claims/claim.ts";
import { argmin } from "../game/least_cost.ts";
import { curves } from "../game/summaries/curves.ts";
import { AWARENESS, K, RHOS } from "../game/summaries/headline_places.ts";
import type { Workspace } from "../runner/assess.ts";
import type { Finding } from "../runner/cli/run_folder.ts";
import type { TargetName } from "../runner/names.ts";
import type { RecordedOutput, RunRecord } from "../runner/record.ts";

/** What is read of the results of a task. */
type Reader = (bytes: Uint8Array<ArrayBuffer>, output: RecordedOutput) => readonly Found[];

type Found = Omit<Finding, "of"> & { readonly of?: string };

/** A reader of the numbers of an artifact. */
function numbers<K extends Kind>(
  kind: K,
  read: (results: Results<K>) => Readonly<Record<string, number>>,
): Reader {
  return (bytes, { path, digest }) => {
    const artifact = decodeArtifact(kind, bytes, { name: path, path, digest });
    const all = Object.entries(read(artifact));
    return all.map(([name, value]) => ({ kind: "number", name, value, detail: "" }));
  };
}

/** By task. Each number of one artifact has its own name. */
const READERS: Readonly<Record<string, Reader>> = {
  "tasks/parallel_analysis.ts": numbers(
    kinds.parallelAnalysis,
    ({ facts }) => ({ n_factors: facts.n_factors, n_items: facts.n_items }),
  ),
  "tasks/one_shot.ts": numbers(kinds.oneShot, ({ arrays, facts }) => {
    const [k, alpha] = [nearest(arrays.k, K), nearest(arrays.awareness, AWARENESS)];
    return {
      best_utility: facts.best_utility,
      [`transparency k=${arrays.k[k]}`]: arrays.transparency_mean[k]!,
      [`erm awareness=${arrays.awareness[alpha]}`]: arrays.erm_mean[alpha]!,
    };
  }),
  "tasks/repeated.ts": numbers(kinds.repeated, (results) =>
    Object.fromEntries(
      curves(results).filter(({ rho }) => rho > 0)
        .map(({ k, rho, peak }) => [`peak_misalignment k=${k} rho=${rho}`, peak]),
    )),
  "tasks/total_cost.ts": numbers(kinds.totalCost, ({ arrays }) => {
    const at = [...new Set([RHOS.slow, RHOS.fast].map((rho) => nearest(arrays.rho, rho)))];
    return Object.fromEntries(at.flatMap((r) => {
      const rho = `rho=${round(arrays.rho[r]!)}`;
      return [
        [`k_star ${rho}`, arrays.k_star[r]!],
        [`k_star_refined ${rho}`, arrays.k_star_refined[r]!],
      ];
    }));
  }),
  "tasks/claims.ts": (bytes) =>
    (JSON.parse(new TextDecoder().decode(bytes)) as readonly Claim[]).map((claim) => ({
      ...{ kind: "claim", of: claim.figure, name: claim.statement },
      ...{ value: outcomeOf(claim), detail: claim.measured },
    })),
};

/** The headline numbers and the claims of what was built, to be compared between runs. */
export async function findings(
  { plan, store }: Workspace,
  records: ReadonlyMap<TargetName, RunRecord>,
): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (const [target, { outputs }] of records) {
    const reader = READERS[plan.targets.get(target)?.taskId ?? ""];
    if (reader === undefined) continue;
    for (const output of Object.values(outputs)) {
      const bytes = await Deno.readFile(store.contentPath(output.digest));
      all.push(...reader(bytes, output).map((found) => ({ of: target, ...found })));
    }
  }
  return all.sort((a, b) => Number(a.kind === "claim") - Number(b.kind === "claim"));
}

/** Where among positive numbers one is, on a scale of ratios. */
function nearest(all: ArrayLike<number>, value: number): number {
  return argmin(Float64Array.from(all, (x) => Math.abs(Math.log(x / value))));
}

function round(x: number): number {
  return Number(x.toPrecision(3));
}
