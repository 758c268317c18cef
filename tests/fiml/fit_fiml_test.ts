import assert from "node:assert/strict";
import fc from "fast-check";
import { correlationMetric } from "../../lib/estimation/correlation_metric.ts";
import { CUDA_KERNELS } from "../../lib/estimation/fiml/cuda_kernels.ts";
import { evaluateModel } from "../../lib/estimation/fiml/factor_model.ts";
import { MAX_DEPTH } from "../../lib/estimation/fiml/accelerated_loop.ts";
import { fimlGraph, MAX_FACTORS } from "../../lib/estimation/fiml/fiml_graph.ts";
import type { Precision } from "../../lib/estimation/fiml/precision.ts";
import { type Fit, fitFiml, type FitOptions } from "../../lib/estimation/fiml/fit_fiml.ts";
import { rotate } from "../../lib/estimation/rotation/rotate.ts";
import { type Matrix, matrix } from "../../lib/stats/matrix.ts";
import { encodeModel, readMetadata } from "../../lib/onnx/encode_model.ts";
import {
  type ElementType,
  type Graph,
  GraphBuilder,
  type Node,
  type ValueInfo,
} from "../../lib/onnx/graph_builder.ts";
import { validateGraph } from "../../lib/onnx/validate_graph.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import { matchColumns } from "../match_columns.ts";
import { allowed, shared, sharedPath } from "../support.ts";
import { tableFromRows } from "../table_from_rows.ts";

const native = { ignore: !allowed("read", "ffi", "env", "sys") };

function flat(rows: readonly (readonly number[])[]): ReturnType<typeof matrix> {
  return matrix(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));
}

async function fit(
  table: Responses,
  d: number,
  psiFloor: number,
  precision: Precision = "float64",
  tolerance = 1e-11,
  depth = 6,
  device: FitOptions["device"] = "cpu",
): Promise<Fit> {
  const graph = await encodeModel(fimlGraph({ nFactors: d, precision, depth }), {});
  return await fitFiml(table, {
    graph,
    nFactors: d,
    precision,
    device,
    maxEpochs: 20000,
    tolerance,
    psiFloor,
    threads: 2,
  });
}

function simulate(S: number, p: number, d: number, missing: number, seed: number): {
  readonly rows: (number | null)[][];
  readonly loadings: number[][];
} {
  const uniform = stream(seed, "fiml test");
  const gauss = normal(uniform);
  const loadings = Array.from(
    { length: p },
    (_, i) =>
      Array.from({ length: d }, (_, j) => (i % d === j ? 1 + 0.3 * gauss() : 0.1 * gauss())),
  );
  const rows = Array.from({ length: S }, () => {
    const f = Array.from({ length: d }, gauss);
    return loadings.map((l) => {
      const y = l.reduce((sum, x, j) => sum + x * f[j]!, 0) + gauss();
      return uniform() < missing ? null : y;
    });
  });
  return { rows, loadings };
}

/** The rows with the cells of the first three subjects filled in, so that every item varies. */
function varying(rows: readonly (readonly (number | null)[])[]): (number | null)[][] {
  return rows.map((row, s) => row.map((y, i) => (s < 3 ? y ?? s + i / 100 : y)));
}

async function rotated(loadings: Matrix): Promise<Matrix> {
  const options = { method: "quartimin", nStarts: 4, kaiser: true, seed: "test" } as const;
  return (await rotate(loadings, options)).loadings;
}

function implied({ loadings, uniqueness }: Fit["model"], i: number, j: number): number {
  let sum = i === j ? uniqueness[i]! : 0;
  for (let k = 0; k < loadings.cols; k++) {
    sum += loadings.data[i * loadings.cols + k]! * loadings.data[j * loadings.cols + k]!;
  }
  return sum;
}

Deno.test("fimlGraph() is sound and every operation has a CUDA kernel for its type", () => {
  for (const nFactors of [1, 2, 8, MAX_FACTORS]) {
    for (const precision of ["float64", "float32"] as const) {
      for (const depth of [0, 1, 6, MAX_DEPTH]) {
        const graph = fimlGraph({ nFactors, precision, depth });
        assert.deepEqual(validateGraph(graph, CUDA_KERNELS), []);
      }
    }
  }
});

Deno.test("validateGraph() names an operation without kernel or of a wrong type, and an undefined input", () => {
  const graph = fimlGraph({ nFactors: 2, precision: "float64", depth: 6 });
  const { Loop: _, ...kernels } = CUDA_KERNELS;
  assert.match(validateGraph(graph, kernels).join(), /Loop has no kernel in the table/);
  assert.match(
    validateGraph(graph, { ...CUDA_KERNELS, Log: ["float32"] }).join(),
    /Log has no kernel for float64 \(step_log_pivot_0\)/,
  );
  assert.match(
    validateGraph({ ...graph, inputs: graph.inputs.slice(1) }, CUDA_KERNELS).join(),
    /uses mask, which is not defined/,
  );
});

/** A loop that doubles `a`, or with `change` something like it. */
function doubling(change: (body: Graph) => Graph = (body) => body): Graph {
  const scalar = (name: string, type: ElementType = "float64"): ValueInfo => ({
    name,
    type,
    shape: [],
  });
  const inner = new GraphBuilder("float64", "step_");
  inner.output("a_out", "Add", ["a_in", "a_in"]);
  const g = new GraphBuilder("float64");
  const body = change(inner.build(
    "body",
    "",
    [scalar("number", "int64"), scalar("go_on", "bool"), scalar("a_in")],
    [scalar("go_on", "bool"), scalar("a_out")],
  ));
  const states = body.inputs.slice(2);
  const inputs = ["n", g.constant("bool", [1], []), ...states.map(() => "a")];
  const names = states.map((_, n) => n === 0 ? "double" : `state_${n}`);
  g.outputs(names, "Loop", inputs, { body });
  return g.build("doubling", "", [scalar("n", "int64"), scalar("a")], [scalar("double")]);
}

const real = (name: string): ValueInfo => ({ name, type: "float64", shape: [] });
const node = (op: string, inputs: string[], ...outputs: string[]): Node => ({
  op,
  inputs,
  outputs,
  attributes: {},
});

Deno.test("validateGraph() refuses a state of a Loop that its body does not read", () => {
  assert.deepEqual(validateGraph(doubling(), CUDA_KERNELS), []);
  const carried = doubling((body) => ({
    ...body,
    inputs: [...body.inputs, real("b_in")],
    outputs: [...body.outputs, real("b_out")],
    nodes: [...body.nodes, node("Abs", ["a_in"], "b_out")],
  }));
  assert.deepEqual(validateGraph(carried, CUDA_KERNELS), ["nothing uses the state b_in"]);
});

Deno.test("validateGraph() refuses a state of a Loop that its body only passes through", () => {
  for (const out of ["b_in", "b_out"]) {
    const passed = doubling((body) => ({
      ...body,
      inputs: [...body.inputs, real("b_in")],
      outputs: [...body.outputs, real(out)],
      nodes: [...body.nodes, ...(out === "b_out" ? [node("Identity", ["b_in"], out)] : [])],
    }));
    assert.deepEqual(validateGraph(passed, CUDA_KERNELS), ["nothing uses the state b_in"]);
  }
});

Deno.test("validateGraph() accepts a state of a Loop that becomes another state", () => {
  const shifted = doubling((body) => ({
    ...body,
    inputs: [...body.inputs, real("b_in"), real("c_in")],
    outputs: [...body.outputs, real("a_in"), real("c_out")],
    nodes: [
      node("Identity", ["b_in"], "c_out"),
      node("Add", ["a_in", "c_in"], "a_out"),
    ],
  }));
  assert.deepEqual(validateGraph(shifted, CUDA_KERNELS), []);
});

Deno.test("validateGraph() refuses nodes, constants and inputs that lead to no output", () => {
  const graph = doubling();
  const dead = [node("Abs", ["b"], "c"), node("Log", ["c"], "d")];
  assert.deepEqual(
    validateGraph({
      ...graph,
      inputs: [...graph.inputs, real("b")],
      constants: [...graph.constants, { name: "one", type: "float64", dims: [], data: [1] }],
      nodes: [...dead, ...graph.nodes],
    }, CUDA_KERNELS),
    [
      "nothing uses the input b",
      "nothing uses the constant one",
      "nothing uses the node c",
      "nothing uses the node d",
    ],
  );
  const inBody = doubling((body) => ({
    ...body,
    nodes: [...body.nodes, node("Abs", ["a_in"], "c")],
  }));
  assert.deepEqual(validateGraph(inBody, CUDA_KERNELS), ["nothing uses the node c"]);
});

Deno.test("validateGraph() counts one output of several as a use, and a use in a body", () => {
  const split = doubling((body) => ({
    ...body,
    nodes: [node("Split", ["a"], "first", "second"), node("Add", ["a_in", "second"], "a_out")],
  }));
  assert.deepEqual(validateGraph(split, CUDA_KERNELS), []);
});

async function onnxChecker(file: string): Promise<string> {
  const code =
    "import sys, onnx; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)";
  const { success, stderr } = await new Deno.Command("/usr/bin/python3", {
    args: ["-c", code, file],
  }).output();
  return success ? "" : new TextDecoder().decode(stderr);
}

async function hasOnnx(): Promise<boolean> {
  if (!allowed("run", "write")) return false;
  try {
    const args = ["-c", "import onnx"];
    return (await new Deno.Command("/usr/bin/python3", { args }).output()).success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "onnx.checker accepts the graph, with the shapes that it infers",
  ignore: !(await hasOnnx()),
  fn: async () => {
    const file = await Deno.makeTempFile({ suffix: ".onnx" });
    try {
      for (const precision of ["float64", "float32"] as const) {
        for (const [nFactors, depth] of [[1, 0], [8, 6]] as const) {
          const graph = fimlGraph({ nFactors, precision, depth });
          await Deno.writeFile(file, await encodeModel(graph, { n_factors: "8" }));
          assert.equal(await onnxChecker(file), "");
        }
      }
    } finally {
      await Deno.remove(file);
    }
  },
});

Deno.test("encodeModel() gives equal bytes for equal graphs, and keeps the metadata", async () => {
  const bytes = await encodeModel(fimlGraph({ nFactors: 3, precision: "float64", depth: 6 }), {
    n_factors: "3",
  });
  assert.deepEqual(
    bytes,
    await encodeModel(fimlGraph({ nFactors: 3, precision: "float64", depth: 6 }), {
      n_factors: "3",
    }),
  );
  assert.deepEqual(await readMetadata(bytes), { n_factors: "3" });
});

const lavaan = "oracles/fiml_lavaan.json";
Deno.test({
  name: "evaluateModel() gives lavaan's log-likelihood at a given point",
  ignore: !shared(lavaan),
  fn: async () => {
    const oracle = JSON.parse(await Deno.readTextFile(sharedPath(lavaan)));
    const at = oracle.evaluate_at;
    const { logLikelihood } = evaluateModel({
      loadings: flat(at.lambda),
      mean: Float64Array.from(at.mu),
      uniqueness: Float64Array.from(at.psi),
    }, tableFromRows(oracle.data));
    assert.ok(Math.abs(logLikelihood / at.loglik - 1) < 1e-9, `${logLikelihood} ${at.loglik}`);
  },
});

for (const file of [lavaan, "oracles/fiml_floor.json"]) {
  Deno.test({
    name: `fitFiml() reaches the log-likelihood, uniquenesses and covariance of ${file}`,
    ignore: native.ignore || !shared(file),
    fn: async () => {
      const oracle = JSON.parse(await Deno.readTextFile(sharedPath(file)));
      const result = await fit(
        tableFromRows(oracle.data),
        oracle.d,
        oracle.psi_floor ?? 1e-6,
      );
      const value = result.logLikelihoods.at(-1)!;
      assert.ok(Math.abs(value / oracle.loglik - 1) < 1e-6, `${value} ${oracle.loglik}`);
      oracle.psi.forEach((psi: number, i: number) =>
        assert.ok(Math.abs(result.model.uniqueness[i]! - psi) < 1e-3, `psi ${i}`)
      );
      const sigma: number[][] = oracle.sigma ??
        oracle.lambda.map((a: number[], i: number) =>
          oracle.lambda.map((b: number[], j: number) =>
            a.reduce((sum, x, k) => sum + x * b[k]!, i === j ? oracle.psi[i] : 0)
          )
        );
      sigma.forEach((row, i) =>
        row.forEach((value, j) =>
          assert.ok(Math.abs(implied(result.model, i, j) - value) < 1e-3, `sigma ${i} ${j}`)
        )
      );
    },
  });
}

for (const depth of [0, 6]) {
  Deno.test({
    name: `fitFiml() never lets the log-likelihood fall, and converges: acceleration ${depth} deep`,
    ...native,
    fn: async () => {
      const table = tableFromRows(simulate(30, 80, 3, 0.2, 1).rows);
      const { logLikelihoods, converged, model } = await fit(table, 3, 0.2, "float64", 1e-9, depth);
      assert.ok(converged);
      logLikelihoods.slice(1).forEach((value, n) =>
        assert.ok(value >= logLikelihoods[n]! - 1e-12 * Math.abs(value), `iteration ${n}`)
      );
      const { logLikelihood } = evaluateModel(model, table);
      assert.ok(Math.abs(logLikelihood / logLikelihoods.at(-1)! - 1) < 1e-12);
    },
  });
}

Deno.test({
  name: "fitFiml() never lets the log-likelihood fall, whatever the table (property)",
  ...native,
  fn: async () => {
    const tables = fc.record({
      S: fc.integer({ min: 5, max: 30 }),
      p: fc.integer({ min: 4, max: 40 }),
      d: fc.integer({ min: 1, max: 4 }),
      missing: fc.constantFrom(0, 0.1, 0.4),
      floor: fc.constantFrom(0.01, 0.05, 0.2),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(tables, async ({ S, p, d, missing, floor, seed }) => {
        const table = tableFromRows(varying(simulate(S, p, d, missing, seed).rows));
        const { logLikelihoods } = await fit(table, d, floor, "float64", 1e-9);
        // The log-likelihood is a difference of terms that grow with the number of responses.
        const rounding = 1e-10 * table.response.length;
        logLikelihoods.slice(1).forEach((value, n) =>
          assert.ok(value >= logLikelihoods[n]! - rounding, `iteration ${n + 1}`)
        );
      }),
      { numRuns: 25, seed: 1 },
    );
  },
});

Deno.test({
  name: "fitFiml() throws for a log-likelihood that is not finite, and names the iteration",
  ...native,
  fn: async () => {
    // One factor explains all of it: with no floor to speak of the uniquenesses vanish.
    const rows = Array.from(
      { length: 6 },
      (_, s) => Array.from({ length: 12 }, (_, i) => Math.sin(s + 1) * (i + 1)),
    );
    await assert.rejects(
      fit(tableFromRows(rows), 2, 1e-30),
      /the log-likelihood is (NaN|-?Infinity) at iteration \d+\.$/,
    );
  },
});

Deno.test({
  name: "fitFiml() fits 100,000 items",
  ...native,
  fn: async () => {
    const uniform = stream("many items");
    const [S, p] = [8, 100_000];
    const skill = Array.from({ length: S }, (_, s) => s / S);
    const rows = skill.map((level, s) =>
      Array.from(
        { length: p },
        // The first two subjects keep every item from being constant.
        () => s < 2 ? s : Number(uniform() < 0.2 + 0.6 * level),
      )
    );
    const { converged, model } = await fit(tableFromRows(rows), 1, 0.2, "float64", 1e-9);
    assert.ok(converged);
    assert.ok(model.uniqueness.every((psi) => psi > 0));
  },
});

Deno.test({
  name: "fitFiml() reaches the same optimum with acceleration, in fewer iterations",
  ...native,
  fn: async () => {
    const table = tableFromRows(simulate(20, 60, 4, 0.3, 6).rows);
    const plain = await fit(table, 3, 0.2, "float64", 1e-12, 0);
    const fast = await fit(table, 3, 0.2, "float64", 1e-10, 6);
    assert.ok(Math.abs(fast.logLikelihoods.at(-1)! / plain.logLikelihoods.at(-1)! - 1) < 1e-8);
    assert.ok(2 * fast.logLikelihoods.length < plain.logLikelihoods.length);
  },
});

Deno.test({
  name: "fitFiml() and rotate() recover a factor model's loadings (congruence 0.95 and more)",
  ...native,
  fn: async () => {
    const { rows, loadings } = simulate(500, 60, 3, 0.2, 2);
    const { model } = await fit(tableFromRows(rows), 3, 0.01, "float64", 1e-9);
    const { congruence } = matchColumns(flat(loadings), await rotated(model.loadings));
    assert.ok(Math.min(...congruence) >= 0.95, `${congruence}`);
  },
});

Deno.test({
  name: "fitFiml() does not depend on the order of subjects and items",
  ...native,
  fn: async () => {
    const { rows } = simulate(25, 40, 2, 0.15, 3);
    const turned = rows.toReversed().map((row) => row.toReversed());
    const [a, b] = [
      await fit(tableFromRows(rows), 2, 0.2),
      await fit(tableFromRows(turned), 2, 0.2),
    ];
    const [x, y] = [a.logLikelihoods.at(-1)!, b.logLikelihoods.at(-1)!];
    assert.ok(Math.abs(x / y - 1) < 1e-9, `${x} ${y}`);
    a.model.uniqueness.forEach((psi, i) =>
      assert.ok(Math.abs(psi - b.model.uniqueness[39 - i]!) < 1e-4)
    );
  },
});

Deno.test({
  name: "fitFiml() is equivariant to the scale and origin of items",
  ...native,
  fn: async () => {
    const { rows } = simulate(25, 40, 2, 0.15, 7);
    const scale = (i: number): number => 0.5 + i;
    const scaled = rows.map((row) => row.map((y, i) => y === null ? null : 3 - scale(i) * y));
    const a = await fit(tableFromRows(rows), 2, 0.2, "float64", 1e-13);
    const b = await fit(tableFromRows(scaled), 2, 0.2, "float64", 1e-13);
    for (let i = 0; i < 40; i++) {
      const psi = a.model.uniqueness[i]! * scale(i) ** 2;
      assert.ok(Math.abs(b.model.uniqueness[i]! / psi - 1) < 1e-4, `psi ${i}`);
      const mean = 3 - scale(i) * a.model.mean[i]!;
      assert.ok(Math.abs(b.model.mean[i]! - mean) < 1e-4 * scale(i), `mu ${i}`);
      const sigma = scale(i) * scale(0) * implied(a.model, i, 0);
      assert.ok(Math.abs(implied(b.model, i, 0) - sigma) < 1e-3 * scale(i), `sigma ${i}`);
    }
  },
});

Deno.test({
  name: "fitFiml() fits one factor, three subjects, and a subject without responses",
  ...native,
  fn: async () => {
    const { rows } = simulate(3, 20, 1, 0, 4);
    assert.ok((await fit(tableFromRows(rows), 1, 0.2)).converged);
    const table = tableFromRows(simulate(12, 30, 1, 0.1, 8).rows);
    const silent = { ...table, subjectIds: [...table.subjectIds, "z silent"] };
    const [a, b] = [await fit(table, 1, 0.2), await fit(silent, 1, 0.2)];
    assert.ok(b.converged);
    assert.equal(b.scores.data.at(-1), 0);
    assert.ok(Math.abs(a.logLikelihoods.at(-1)! / b.logLikelihoods.at(-1)! - 1) < 1e-6);
  },
});

Deno.test({
  name: "fitFiml() in float32 gives loadings within 1e-3 of float64 after rotation",
  ...native,
  fn: async () => {
    const table = tableFromRows(simulate(40, 300, 2, 0.1, 5).rows);
    const loadings = async (precision: Precision): Promise<Matrix> => {
      const { model } = await fit(table, 2, 0.2, precision, 1e-10);
      return await rotated(correlationMetric(model.loadings, model.uniqueness));
    };
    const wide = await loadings("float64");
    const { matched } = matchColumns(wide, await loadings("float32"));
    wide.data.forEach((x, n) => assert.ok(Math.abs(x - matched.data[n]!) < 1e-3, `entry ${n}`));
  },
});

Deno.test({
  name: "fitFiml() throws for as many factors as subjects",
  ...native,
  fn: async () => {
    const table = tableFromRows(simulate(3, 20, 1, 0, 4).rows);
    await assert.rejects(fit(table, 3, 0.2), /Cannot fit 3 factors to 3 subjects/);
  },
});

Deno.test(
  "fitFiml() on auto runs anywhere; on cuda it runs there or says what is missing",
  native,
  async () => {
    const table = tableFromRows(simulate(10, 12, 1, 0.1, 3).rows);
    const automatic = await fit(table, 1, 0.05, "float64", 1e-9, 6, "auto");
    assert.equal(automatic.device === "cuda", automatic.fallback === undefined);
    const asked = fit(table, 1, 0.05, "float64", 1e-9, 6, "cuda");
    if (automatic.device === "cuda") assert.equal((await asked).device, "cuda");
    else {
      await assert.rejects(asked, {
        name: "UnavailableError",
        message: /^Cannot fit on CUDA: (cannot load lib\w+\.so\.\d+ \(|.+)\.$/,
      });
    }
  },
);
