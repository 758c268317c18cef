import assert from "node:assert/strict";
import fc from "fast-check";
import { type EvaluatorPath, evaluatorPaths } from "../../lib/game/evaluator_path.ts";
import { playHoldout, playHoldoutMeanField } from "../../lib/game/holdout.ts";
import { gatedScore, passGate } from "../../lib/game/holdout_gate.ts";
import { playMeanField } from "../../lib/game/mean_field.ts";
import type { Game } from "../../lib/game/game.ts";
import { compareMechanisms } from "../../lib/game/mechanisms.ts";
import { makePool, type Pool } from "../../lib/game/pool.ts";
import { initialDistribution } from "../../lib/game/initial_distribution.ts";
import { matrix, row } from "../../lib/stats/matrix.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { plainProduct as product } from "../../lib/stats/plain_product.ts";

const near = (a: number, b: number, within = 1e-12): void =>
  assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

function randomPool(N: number, d: number): Pool {
  const gauss = normal(stream("holdout pool"));
  const z = matrix(N, d);
  for (let i = 0; i < N; i++) {
    const row = Array.from({ length: d }, (_, j) => (j === i % d ? 1 : 0.2) * Math.abs(gauss()));
    row.forEach((x, j) => z.data[i * d + j] = x / Math.max(1, Math.hypot(...row)));
  }
  return makePool(z);
}

const POOL = randomPool(60, 3);
const INITIAL = initialDistribution(POOL.z, 0.5);

async function pathOf(rho: number, rounds: number): Promise<EvaluatorPath> {
  const paths = evaluatorPaths(POOL, INITIAL, { kind: "uniform" }, [rho], rounds, product);
  for await (const path of paths) return path;
  throw new Error("no path");
}

const laplace = (u: number, b: number): number =>
  -b * Math.sign(u - 0.5) * Math.log(1 - 2 * Math.abs(u - 0.5));

Deno.test("passGate() of a developer that does not game sounds an alarm with probability e^(−εη)", () => {
  const { alarm, first } = passGate(0, { epsilon: 20, eta: 0.1 });
  near(alarm, Math.exp(-2));
  near(first, 0);
  // Without a threshold everything passes: mean `gap`, second moment gap² + 2/ε².
  const open = passGate(0.3, { epsilon: 4, eta: 0 });
  near(open.alarm, 1);
  near(open.first, 0.3);
  near(open.second, 0.09 + 2 / 16);
});

Deno.test("passGate() is the direct average over the noise (property)", () => {
  const real = (min: number, max: number): fc.Arbitrary<number> =>
    fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(real(-1, 1), real(1, 50), real(0, 1), (gap, epsilon, eta) => {
      const n = 40_000;
      let [alarm, first, second] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        const x = gap + laplace((i + 0.5) / n, 1 / epsilon);
        if (Math.abs(x) < eta) continue;
        alarm += 1 / n;
        first += x / n;
        second += (x * x) / n;
      }
      const found = passGate(gap, { epsilon, eta });
      near(found.alarm, alarm, 1e-4);
      near(found.first, first, 2e-3);
      near(found.second, second, 5e-3);
    }),
    { numRuns: 30 },
  );
});

Deno.test("gatedScore() has the closed values of an open gate and a shut one", () => {
  const [held, reference] = [{ mean: 0.4, variance: 0.002 }, { mean: 0.5, variance: 0.001 }];
  const open = gatedScore(held, reference, { epsilon: 10, eta: 0 });
  near(open.alarm, 1);
  near(open.variance, 0.002 + 2 / 100);
  const shut = gatedScore(held, reference, { epsilon: 10, eta: 1e3 });
  near(shut.alarm, 0);
  near(shut.variance, 0.001);
});

Deno.test("gatedScore() is the variance of the published score by direct simulation", () => {
  const [held, reference] = [{ mean: 0.55, variance: 0.002 }, { mean: 0.5, variance: 0.001 }];
  const gate = { epsilon: 25, eta: 0.08 };
  const uniform = stream("published");
  const gauss = normal(uniform);
  const n = 400_000;
  let [alarms, sum, squares] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const r = held.mean + Math.sqrt(held.variance) * gauss();
    const published = reference.mean + Math.sqrt(reference.variance) * gauss();
    const noisy = r + laplace(uniform(), 1 / gate.epsilon);
    const isAlarm = Math.abs(noisy - published) >= gate.eta;
    const score = isAlarm ? noisy : published;
    alarms += isAlarm ? 1 : 0;
    sum += score;
    squares += score * score;
  }
  const found = gatedScore(held, reference, gate);
  near(found.alarm, alarms / n, 0.003);
  near(found.variance / (squares / n - (sum / n) ** 2), 1, 0.02);
});

Deno.test("playHoldoutMeanField() with an open gate and no reference is the game without a gate", async () => {
  const path = await pathOf(0.05, 40);
  const developer = { forgetting: 0.05, priorMass: 60 };
  const plain: number[] = [];
  playMeanField(POOL, path, { ks: [20], ...developer }, (_t, _k, m) => plain.push(m.misalignment));
  const open = { n0: 1e-12, epsilon: 1e9, eta: 0, k: 20, ...developer };
  playHoldoutMeanField(POOL, path, open).forEach(({ misalignment, alarm }, t) => {
    near(misalignment, plain[t]!, 1e-9);
    near(alarm, 1);
  });
});

Deno.test("playHoldout() is near its mean field, and learns less the higher the threshold", async () => {
  const path = await pathOf(0.02, 60);
  const total = (eta: number): { readonly played: number; readonly limit: number } => {
    const options = { n0: 400, epsilon: 20, eta, k: 40, forgetting: 0.02, priorMass: 400 };
    let played = 0;
    const sample = { ...options, replicates: 40, seed: "holdout" };
    playHoldout(POOL, path, sample, (_r, _t, round) => played += round.misalignment / 40);
    const limit = playHoldoutMeanField(POOL, path, options)
      .reduce((sum, round) => sum + round.misalignment, 0);
    return { played, limit };
  };
  const results = [0, 0.1, 1].map(total);
  results.forEach(({ played, limit }) => near(played / limit, 1, 0.05));
  assert.ok(results[0]!.limit > results[1]!.limit && results[1]!.limit > results[2]!.limit);
});

Deno.test("compareMechanisms() puts correction below none, and a gate slows learning but ends no incentive", async () => {
  const game: Game = {
    ...{ pool: POOL, initial: INITIAL, correction: { kind: "uniform" }, rounds: 100 },
    ...{ forgetting: null, priorMass: null, multiply: product },
  };
  const options = { rho: 0.05, k: 20, gamma: 0.05, replicates: 30, seed: "mechanisms" };
  const holdout = { n0: 5, epsilon: 20, eta: 0.15 };
  const found = await compareMechanisms(game, { ...options, holdout });
  assert.deepEqual(found.mechanism, ["none", "correction", "holdout", "both", "transparency"]);
  for (const series of [found.misalignment_mean, found.misalignment_mean_field]) {
    const [none, correction, gated, both, open] = found.mechanism.map((_, m) =>
      row(series, m).reduce((sum, x) => sum + x, 0) / 100
    );
    assert.ok(correction! < none! && gated! < none! && both! < gated!);
    assert.ok(none! < open! + 1e-12 && gated! > 0);
    // Without correction what is learned keeps growing towards transparency's.
    assert.ok(row(series, 2).at(-1)! > row(series, 2)[10]!);
  }
  const [misalignment, variance] = [row(found.misalignment_mean, 0), row(found.variance_mean, 0)];
  const direct = misalignment.reduce((sum, x, t) => sum + 0.05 * x + variance[t]!, 0);
  near(found.cost_mean[0]!, direct);
  found.cost_mean.forEach((cost, m) => near(found.cost_mean_field[m]! / cost, 1, 0.2));
  // The chapter's probability leaves out that two samples differ by chance.
  assert.ok(found.honest_alarm > Math.exp(-3) && found.honest_alarm < 0.3);
  const none = await compareMechanisms(game, { ...options, holdout: undefined });
  assert.deepEqual(none.mechanism, ["none", "correction", "transparency"]);
  assert.ok(Number.isNaN(none.honest_alarm));
});
