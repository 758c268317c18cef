import assert from "node:assert/strict";
import { correlationMetric } from "../../lib/estimation/correlation_metric.ts";
import { CUDA_KERNELS } from "../../lib/estimation/fiml/cuda_kernels.ts";
import { fimlGraph, MAX_FACTORS } from "../../lib/estimation/fiml/fiml_graph.ts";
import { type Fit, fitFiml } from "../../lib/estimation/fiml/fit_fiml.ts";
import { heldOutByFactors } from "../../lib/estimation/fiml/held_out.ts";
import type { Precision } from "../../lib/estimation/fiml/precision.ts";
import { fitLogistic } from "../../lib/estimation/logistic/fit_logistic.ts";
import { logisticGraph } from "../../lib/estimation/logistic/logistic_graph.ts";
import { standardScores } from "../../lib/estimation/logistic/standard_scores.ts";
import { rotate } from "../../lib/estimation/rotation/rotate.ts";
import { encodeModel } from "../../lib/onnx/encode_model.ts";
import { validateGraph } from "../../lib/onnx/validate_graph.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { readParquet } from "../../lib/responses/read_parquet.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import { type Matrix, matrix, row } from "../../lib/stats/matrix.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { matchColumns } from "../match_columns.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { tableFromRows } from "../table_from_rows.ts";
import { plainEm } from "./plain_em.ts";

const native = { ignore: !allowed("read", "ffi", "env", "sys") };
const FILE = "data/mmlupro_responses.parquet";

interface Options {
  readonly precision?: Precision;
  readonly tolerance?: number;
  readonly depth?: number;
  readonly maxEpochs?: number;
}

async function fit(
  table: Responses,
  nFactors: number,
  { precision = "float64", tolerance = 1e-9, depth = 4, maxEpochs = 3000 }: Options = {},
): Promise<Fit> {
  return await fitLogistic(table, {
    graph: await encodeModel(logisticGraph({ nFactors, precision, depth }), {}),
    ...{ nFactors, precision, maxEpochs, tolerance, device: "cpu", threads: 2 },
  });
}

type Rows = (number | null)[][];

/** Items of d skills in turn, a loading of about 1.5 on their own and little on the others. */
function simulate(S: number, p: number, d: number, missing: number, seed: string): {
  readonly rows: Rows;
  /** p × d, and p. */
  readonly loadings: Matrix;
  readonly intercepts: number[];
} {
  const uniform = stream(seed, "logistic test");
  const gauss = normal(uniform);
  const loadings = matrix(p, d);
  loadings.data.forEach((_, n) =>
    loadings.data[n] = Math.floor(n / d) % d === n % d ? 1.5 + 0.3 * gauss() : 0.1 * gauss()
  );
  const intercepts = Array.from({ length: p }, () => 0.3 + 0.8 * gauss());
  const rows = Array.from({ length: S }, () => {
    const f = Array.from({ length: d }, gauss);
    return intercepts.map((mu, i) => {
      const eta = f.reduce((sum, x, j) => sum + x * loadings.data[i * d + j]!, mu);
      return uniform() < missing ? null : Number(uniform() < 1 / (1 + Math.exp(-eta)));
    });
  });
  return { rows, loadings, intercepts };
}

const rowsOf = (m: Matrix): number[][] =>
  Array.from({ length: m.rows }, (_, i) => Array.from(row(m, i)));

const monotone = ({ logLikelihoods }: Fit): void =>
  logLikelihoods.slice(1).forEach((value, n) =>
    assert.ok(value >= logLikelihoods[n]! - 1e-9 * Math.abs(value), `iteration ${n + 1}`)
  );

Deno.test("logisticGraph() is sound and every operation has a CUDA kernel for its type", () => {
  for (const nFactors of [1, 3, MAX_FACTORS]) {
    for (const precision of ["float64", "float32"] as const) {
      for (const depth of [0, 4]) {
        const graph = logisticGraph({ nFactors, precision, depth });
        assert.deepEqual(validateGraph(graph, CUDA_KERNELS), []);
      }
    }
  }
});

const small = simulate(24, 40, 2, 0.15, "small");

Deno.test({
  ...native,
  name:
    "fitLogistic() has the loadings, intercepts and bound of a plain implementation at its scores",
  fn: async () => {
    for (const d of [1, 2]) {
      const found = await fit(tableFromRows(small.rows), d, { tolerance: 1e-12 });
      assert.ok(found.converged);
      monotone(found);
      const plain = plainEm(small.rows, rowsOf(found.scores), 500);
      const bound = found.logLikelihoods.at(-1)!;
      assert.ok(Math.abs(plain.bound / bound - 1) < 1e-7, `${plain.bound} ${bound}`);
      plain.b.forEach((b, i) =>
        [...row(found.model.loadings, i), found.model.mean[i]!].forEach((x, j) =>
          assert.ok(Math.abs(x - b[j]!) < 1e-3, `item ${i}: ${x}, not ${b[j]}`)
        )
      );
    }
  },
});

Deno.test({
  ...native,
  name: "fitLogistic() ends where the bound's derivatives by the scores vanish",
  fn: async () => {
    const found = await fit(tableFromRows(small.rows), 1, { tolerance: 1e-12 });
    const scores = rowsOf(found.scores);
    const at = (s: number, change: number): number =>
      plainEm(small.rows, scores.map((f, t) => t === s ? [f[0]! + change] : f), 150).bound;
    const h = 1e-3;
    for (const s of [0, 12, 23]) {
      const [low, middle, high] = [at(s, -h), at(s, 0), at(s, h)];
      const [slope, curvature] = [(high - low) / (2 * h), (high - 2 * middle + low) / h ** 2];
      assert.ok(curvature < -1, `curvature ${curvature}`);
      // So far from its maximum is the score, in standard deviations of the scores.
      assert.ok(Math.abs(slope / curvature) < 1e-4, `subject ${s}: ${slope / curvature}`);
    }
  },
});

Deno.test("plainEm() bounds the marginal likelihood from below, and closely (by quadrature)", () => {
  const scores = rowsOf(matrix(24, 1, Float64Array.from({ length: 24 }, (_, s) => (s - 11.5) / 7)));
  const { mean, covariance, bound } = plainEm(small.rows, scores, 200);
  const [[a, c], [, e]] = covariance as [[number, number], [number, number]];
  const [root, below] = [Math.sqrt(a), c / Math.sqrt(a)];
  const rest = Math.sqrt(e - below ** 2);
  const step = 0.1;
  const grid = Array.from({ length: 121 }, (_, n) => (n - 60) * step);
  let exact = 0;
  for (let i = 0; i < 40; i++) {
    let sum = 0;
    for (const u of grid) {
      for (const v of grid) {
        const [lambda, mu] = [mean[0]! + root * u, mean[1]! + below * u + rest * v];
        let density = (Math.exp(-(u * u + v * v) / 2) * step ** 2) / (2 * Math.PI);
        small.rows.forEach((row, s) => {
          if (row[i] === null) return;
          const P = 1 / (1 + Math.exp(-(lambda * scores[s]![0]! + mu)));
          density *= row[i] === 1 ? P : 1 - P;
        });
        sum += density;
      }
    }
    exact += Math.log(sum);
  }
  assert.ok(bound < exact && bound > 1.02 * exact, `${bound} ${exact}`);
});

Deno.test({
  ...native,
  name: "fitLogistic() recovers loadings in size and direction, a fifth of the cells missing",
  fn: async () => {
    const { rows, loadings, intercepts } = simulate(250, 60, 2, 0.2, "recovery");
    const { model, converged } = await fit(tableFromRows(rows), 2);
    assert.ok(converged);
    const truth = correlationMetric(loadings, new Float64Array(60).fill(Math.PI ** 2 / 3));
    const { loadings: turned } = await rotate(correlationMetric(model.loadings, model.uniqueness), {
      ...{ method: "varimax", nStarts: 4, kaiser: true, seed: "test" },
    });
    const { matched, congruence } = matchColumns(truth, turned);
    assert.ok(Math.min(...congruence) > 0.98, `${congruence}`);
    const error = matched.data.reduce((sum, x, n) => sum + (x - truth.data[n]!) ** 2, 0) / 120;
    assert.ok(Math.sqrt(error) < 0.1, `${Math.sqrt(error)}`);
    const gap = intercepts.reduce((sum, mu, i) => sum + Math.abs(mu - model.mean[i]!), 0) / 60;
    assert.ok(gap < 0.25, `${gap}`);
  },
});

Deno.test({
  ...native,
  name:
    "fitLogistic() standardises the scores, and does not depend on the order of subjects and items",
  fn: async () => {
    const turned = small.rows.toReversed().map((row) => row.toReversed());
    const [a, b] = [
      await fit(tableFromRows(small.rows), 2, { tolerance: 1e-12 }),
      await fit(tableFromRows(turned), 2, { tolerance: 1e-12 }),
    ];
    assert.ok(Math.abs(a.logLikelihoods.at(-1)! / b.logLikelihoods.at(-1)! - 1) < 1e-7);
    const f = rowsOf(a.scores);
    for (const [j, k, expected] of [[0, 0, 1], [1, 1, 1], [0, 1, 0]] as const) {
      const moment = f.reduce((sum, x) => sum + x[j]! * x[k]!, 0) / 24;
      assert.ok(Math.abs(moment - expected) < 1e-9, `${j} ${k}: ${moment}`);
    }
    assert.ok(Math.abs(f.reduce((sum, x) => sum + x[0]! + x[1]!, 0)) < 1e-9);
  },
});

Deno.test("standardScores() keeps every λᵀ f + μ", () => {
  const uniform = stream("standard scores");
  const scores = matrix(9, 3, Float64Array.from({ length: 27 }, () => uniform() + 2));
  const items = matrix(5, 4, Float64Array.from({ length: 20 }, uniform));
  const moved = standardScores(scores, items);
  for (let s = 0; s < 9; s++) {
    for (let i = 0; i < 5; i++) {
      const dot = (l: Float64Array, f: Float64Array): number =>
        f.reduce((sum, x, j) => sum + x * l[j]!, 0);
      const before = dot(row(items, i), row(scores, s)) + items.data[i * 4 + 3]!;
      const after = dot(row(moved.loadings, i), row(moved.scores, s)) + moved.intercept[i]!;
      assert.ok(Math.abs(before - after) < 1e-12);
    }
  }
});

Deno.test({
  ...native,
  name: "fitLogistic() keeps separated items and subjects finite, and a subject without responses",
  fn: async () => {
    const { rows } = simulate(20, 60, 1, 0, "separated");
    const ability = rows.map((row) => row.reduce<number>((sum, y) => sum + y!, 0));
    const median = ability.toSorted((a, b) => a - b)[10]!;
    const table = tableFromRows([
      ...rows.map((row, s) => [...row, 1, 0, Number(ability[s]! >= median)]),
      new Array<number>(63).fill(1),
      new Array<number>(63).fill(0),
      new Array<null>(63).fill(null),
    ]);
    const found = await fit(table, 1);
    assert.ok(found.converged);
    const { loadings: { data: loadings }, mean } = found.model;
    for (const numbers of [loadings, mean, found.scores.data]) {
      assert.ok(numbers.every((x) => Math.abs(x) < 8), `${Math.max(...numbers.map(Math.abs))}`);
    }
    assert.ok(mean[60]! > 1 && mean[61]! < -1);
    // Of either sign is the axis: the separated item goes with the others.
    assert.ok(loadings[62]! * loadings.reduce((sum, x) => sum + x, 0) > 0);
  },
});

Deno.test({
  ...native,
  name: "fitLogistic() takes fractions: two trials in one cell are half of each",
  fn: async () => {
    const { rows } = simulate(20, 30, 1, 0, "fractions");
    const halves = rows.map((row) => row.map((y) => 0.25 + 0.5 * y!));
    const [whole, half] = [await fit(tableFromRows(rows), 1), await fit(tableFromRows(halves), 1)];
    const slope = ({ model }: Fit): number =>
      Math.abs(model.loadings.data.reduce((sum, x) => sum + x, 0)) / 30;
    assert.ok(slope(half) < 0.7 * slope(whole) && slope(half) > 0.1);
  },
});

Deno.test({
  ...native,
  name: "fitLogistic() reports that it did not converge",
  fn: async () => {
    const found = await fit(tableFromRows(small.rows), 2, { maxEpochs: 3 });
    assert.equal(found.converged, false);
    assert.equal(found.logLikelihoods.length, 4);
  },
});

Deno.test({
  ...native,
  name: "fitLogistic() in float32 predicts within 5e-3 of float64",
  fn: async () => {
    const table = tableFromRows(small.rows);
    const logits = async (precision: Precision): Promise<number[]> => {
      const { model: { loadings, mean }, scores } = await fit(table, 2, {
        ...{ precision, tolerance: 1e-12 },
      });
      return rowsOf(scores).flatMap((f) =>
        Array.from(mean, (mu, i) => f.reduce((sum, x, j) => sum + x * row(loadings, i)[j]!, mu))
      );
    };
    const [wide, narrow] = [await logits("float64"), await logits("float32")];
    const P = (x: number): number => 1 / (1 + Math.exp(-x));
    wide.forEach((x, n) => assert.ok(Math.abs(P(x) - P(narrow[n]!)) < 5e-3, `cell ${n}`));
  },
});

Deno.test({
  ...native,
  name: "fitLogistic() throws for as many factors as subjects, and for more than items",
  fn: async () => {
    const table = tableFromRows(simulate(3, 20, 1, 0, "few").rows);
    await assert.rejects(fit(table, 3), /Cannot fit 3 factors to 3 subjects/);
    const narrow = tableFromRows(simulate(9, 2, 1, 0, "few").rows);
    await assert.rejects(fit(narrow, 3), /Cannot fit 3 factors to 2 items/);
  },
});

Deno.test({
  name:
    "heldOutByFactors() of logistic fits of the real table: .1700 with one skill, .1694 with two; the Gaussian's .1713",
  ignore: native.ignore || !shared(FILE),
  fn: async () => {
    const long = await readParquet(await Deno.readFile(sharedPath(FILE)), FILE);
    const { responses } = filterItems(indexResponses(long, FILE).responses, {
      minSubjects: 3,
      minMinority: 3,
    });
    const found = await heldOutByFactors(
      ...[responses, 0.1, "0", [1, 2]] as const,
      async (seen, nFactors) =>
        await fitLogistic(seen, {
          graph: await encodeModel(logisticGraph({ nFactors, precision: "float64", depth: 4 }), {}),
          ...{ nFactors, precision: "float64", device: "cpu", threads: 2 },
          ...{ maxEpochs: 3000, tolerance: 1e-7 },
        }),
    );
    const gaussian = await heldOutByFactors(
      ...[responses, 0.1, "0", [1]] as const,
      async (seen, nFactors) =>
        await fitFiml(seen, {
          graph: await encodeModel(fimlGraph({ nFactors, precision: "float64", depth: 4 }), {}),
          ...{ nFactors, precision: "float64", device: "cpu", threads: 2 },
          ...{ maxEpochs: 3000, tolerance: 1e-9, psiFloor: 0.2 },
        }),
    );
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 4e-4, `${a}, ${b}`);
    near(found.brier[0]!, 0.17);
    near(found.brier[1]!, 0.1694);
    assert.equal(found.nHidden, gaussian.nHidden);
    assert.ok(found.brier[0]! < gaussian.brier[0]!);
  },
});
