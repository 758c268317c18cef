import assert from "node:assert/strict";
import { z } from "zod";
import { decodeArtifact } from "../../lib/artifact/artifact.ts";
import { findFact, lineageOf } from "../../lib/artifact/lineage.ts";
import {
  band,
  decodeArrays,
  defineKind,
  encodeArrays,
  float64,
  int32,
  missing,
  optional,
  real,
  text,
  zeros,
} from "../../lib/artifact/kind.ts";
import * as kinds from "../../lib/artifact/kinds.ts";
import type { NpyArray } from "../../lib/artifact/npy.ts";
import { encodeNpz, type NpzArrays } from "../../lib/artifact/npz.ts";
import { matrix } from "../../lib/stats/matrix.ts";

const SMALL = defineKind("a small thing", {
  facts: z.object({ n: z.int() }),
  arrays: {
    names: text("p"),
    table: float64("p", "d"),
    steps: int32("t"),
    ...band("cube", float64("p", "d", "t")),
    size: int32(),
    one: float64(1),
    star: missing(float64("d")),
    wide: optional(real("d")),
  },
});

const ARRAYS: NpzArrays = {
  names: { shape: [2], data: ["a", "b"] },
  table: { shape: [2, 1], data: Float64Array.of(1, 2) },
  steps: { shape: [3], data: Int32Array.of(0, 1, 2) },
  cube_mean: { shape: [2, 1, 3], data: new Float64Array(6) },
  cube_p10: { shape: [2, 1, 3], data: new Float64Array(6) },
  cube_p90: { shape: [2, 1, 3], data: new Float64Array(6) },
  size: { shape: [], data: Int32Array.of(7) },
  one: { shape: [1], data: Float64Array.of(0.5) },
  star: { shape: [1], data: Float64Array.of(NaN) },
};

Deno.test("decodeArrays() gives tables, vectors, texts and numbers, with the size of each dimension", () => {
  const { arrays, dims } = decodeArrays(SMALL, ARRAYS, "f.npz");
  assert.deepEqual(dims, { p: 2, d: 1, t: 3 });
  assert.deepEqual(arrays.table, matrix(2, 1, Float64Array.of(1, 2)));
  assert.deepEqual([arrays.size, arrays.one, arrays.star[0]], [7, 0.5, NaN]);
  assert.deepEqual(arrays.names, ["a", "b"]);
  assert.equal(arrays.cube_p90.length, 6);
  assert.equal(arrays.wide, undefined);
});

Deno.test("encodeArrays() gives back what decodeArrays() read, in the declared order", () => {
  const { arrays } = decodeArrays(SMALL, ARRAYS, "f.npz");
  const { wide: _, ...declared } = SMALL.arrays;
  const turned = Object.fromEntries(Object.entries(arrays).toReversed()) as typeof arrays;
  const encoded = encodeArrays(SMALL, turned);
  assert.deepEqual(encoded, ARRAYS);
  assert.deepEqual(Object.keys(encoded), Object.keys(declared));
});

Deno.test("decodeArrays() throws for a wrong array, and names file, array, expected and found", () => {
  const cases: readonly (readonly [Record<string, NpyArray | undefined>, RegExp])[] = [
    [{ table: undefined }, /array table is missing; expected float64 of shape \(p, d\)/],
    [
      { table: { shape: [2, 1], data: Float32Array.of(1, 2) } },
      /array table has elements of type float32; expected float64 of shape \(p, d\)/,
    ],
    [{ names: { shape: [2], data: Float64Array.of(1, 2) } }, /names has elements of type float64/],
    [{ steps: { shape: [1], data: BigInt64Array.of(1n) } }, /steps has elements of type int64/],
    [{ size: { shape: [], data: ["7"] } }, /size has elements of type text/],
    [{ table: { shape: [2], data: Float64Array.of(1, 2) } }, /table has shape \(2,\); expected/],
    [
      { table: { shape: [3, 1], data: Float64Array.of(1, 2, 3) } },
      /table has shape \(3, 1\), where p is 2 in names; expected/,
    ],
    [{ one: { shape: [2], data: Float64Array.of(1, 2) } }, /one has shape \(2,\); .*\(1,\)/],
    [{ table: { shape: [2, 1], data: Float64Array.of(1, NaN) } }, /table holds NaN at \(1, 0\)/],
    [{ one: { shape: [1], data: Float64Array.of(-Infinity) } }, /one holds -Infinity at \(0,\)/],
    [{ star: { shape: [1], data: Float64Array.of(Infinity) } }, /star holds Infinity at \(0,\)/],
    [{ wide: { shape: [2], data: Float32Array.of(1, 2) } }, /wide has shape .* d is 1 in table/],
  ];
  for (const [change, message] of cases) {
    const changed = Object.fromEntries(
      Object.entries({ ...ARRAYS, ...change }).filter(([, array]) => array !== undefined),
    ) as NpzArrays;
    assert.throws(() => decodeArrays(SMALL, changed, "f.npz"), { name: "InputError", message });
    assert.throws(
      () => decodeArrays(SMALL, changed, "f.npz"),
      /^InputError: Cannot use f\.npz as a small thing: array /,
    );
  }
});

Deno.test("encodeArrays() throws for a wrong shape or a number that is not finite", () => {
  const { arrays } = decodeArrays(SMALL, ARRAYS, "f.npz");
  const table = matrix(2, 2);
  assert.throws(() => encodeArrays(SMALL, { ...arrays, table }), /star has shape|cube_mean has/);
  assert.throws(() => encodeArrays(SMALL, { ...arrays, one: NaN }), /array one holds NaN/);
  const cube_mean = new Float64Array(5);
  assert.throws(() => encodeArrays(SMALL, { ...arrays, cube_mean }), /cube_mean/);
});

Deno.test("real arrays of float32 are read as float64", () => {
  const z = { shape: [1, 2], data: Float32Array.of(0.5, 0.25) };
  const { arrays, dims } = decodeArrays(kinds.pool, { z }, "p.npz");
  assert.deepEqual(arrays.z, matrix(1, 2, Float64Array.of(0.5, 0.25)));
  assert.deepEqual(dims, { N: 1, d: 2 });
});

Deno.test("zeros() has the declared shapes, and is of its own kind", () => {
  const arrays = zeros(kinds.repeated, { K: 2, R: 3, T: 4, N: 5 });
  assert.equal(arrays.regret_p10.length, 24);
  assert.deepEqual(arrays.measurement_bias, matrix(3, 4));
  const { dims } = decodeArrays(kinds.repeated, encodeArrays(kinds.repeated, arrays), "zeros");
  assert.deepEqual(dims, { K: 2, R: 3, T: 4, N: 5 });
});

const FILE = { path: "/none", name: "f.npz", digest: "00" };

function small(provenance: string): Uint8Array<ArrayBuffer> {
  return encodeNpz({ ...ARRAYS, provenance: { shape: [], data: [provenance] } });
}

Deno.test("decodeArtifact() gives the facts and the lineage", () => {
  const work = { params: {}, provenance: { task: "tasks/x.ts" } };
  const lineage = lineageOf(work, { file: FILE }, { n: 3 });
  const artifact = decodeArtifact(SMALL, small(JSON.stringify(lineage)), FILE);
  assert.equal(artifact.facts.n, 3);
  assert.deepEqual(artifact.lineage, lineage);
  assert.equal(findFact(lineageOf(work, { artifact }), "n"), 3);
});

Deno.test("decodeArtifact() throws for a wrong fact, and for bytes that are not an .npz", () => {
  const work = { params: {}, provenance: { task: "tasks/x.ts" } };
  const wrong = JSON.stringify(lineageOf(work, {}, { n: "three" }));
  for (const text of [wrong, "{}", "not JSON"]) {
    assert.throws(
      () => decodeArtifact(SMALL, small(text), FILE),
      /Cannot use f\.npz as a small thing: its fact n /,
    );
  }
  assert.throws(
    () => decodeArtifact(SMALL, new Uint8Array(9), FILE),
    { name: "InputError", message: /Cannot read f\.npz/ },
  );
});

Deno.test("decodeArtifact() takes a pool made elsewhere, whatever else the file holds", () => {
  const z = { shape: [2, 1], data: Float64Array.of(1, 0.5) };
  const other = { shape: [1], data: Int8Array.of(1) };
  const provenance = { shape: [], data: ["made by hand"] };
  const artifact = decodeArtifact(kinds.pool, encodeNpz({ z, item_id: other, provenance }), FILE);
  assert.equal(artifact.lineage, undefined);
  assert.equal(artifact.dims.N, 2);
});
