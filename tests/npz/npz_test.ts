import assert from "node:assert/strict";
import fc from "fast-check";
import { zipSync } from "fflate";
import { decodeNpz, encodeNpz, numbers, strings } from "../../lib/artifact/npz.ts";
import { allowed } from "../support.ts";

const arrays = {
  z: { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6.5) },
  id: { shape: [2], data: ["a", "Δé"] },
  n: { shape: [], data: Int32Array.of(7) },
};

Deno.test("encodeNpz() and decodeNpz() are inverse, and the bytes do not change", () => {
  const bytes = encodeNpz(arrays);
  assert.deepEqual(decodeNpz(bytes), arrays);
  assert.deepEqual(encodeNpz(arrays), bytes);
});

Deno.test("decodeNpz() throws for bytes that are no zip file", () => {
  assert.throws(() => decodeNpz(new Uint8Array(10)), /not a zip file/);
});

Deno.test("numbers() and strings() throw for a missing array and for another type", () => {
  assert.throws(() => numbers(arrays, "y", Float64Array), /array y is missing/);
  assert.throws(() => numbers(arrays, "n", Float64Array), /not of type Float64Array/);
  assert.throws(() => strings(arrays, "z"), /does not hold strings/);
});

async function python(code: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("python3", { args: ["-c", code, ...args] })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

const numpy = allowed("run", "write") && await python("import numpy") !== undefined;

Deno.test({
  name: "numpy reads what encodeNpz() wrote, and decodeNpz() reads numpy.savez_compressed",
  ignore: !numpy,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeFile(`${folder}/a.npz`, encodeNpz(arrays));
      const code = "import numpy,sys; a=numpy.load(sys.argv[1]+'/a.npz'); " +
        "print(a['z'].tolist(), a['id'].tolist(), int(a['n'])); " +
        "numpy.savez_compressed(sys.argv[1]+'/b.npz', z=a['z']*2, id=a['id'])";
      assert.equal(
        await python(code, folder),
        "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]] ['a', 'Δé'] 7",
      );
      const back = decodeNpz(await Deno.readFile(`${folder}/b.npz`));
      assert.deepEqual(numbers(back, "z", Float64Array).data, arrays.z.data.map((x) => 2 * x));
      assert.deepEqual(strings(back, "id").data, arrays.id.data);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "decodeNpz() reads numpy's Fortran order, and names an array that it cannot read",
  ignore: !numpy,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const code = "import numpy,sys; a=numpy.arange(24.).reshape(2,3,4); " +
        "numpy.savez(sys.argv[1]+'/f.npz', a=numpy.asfortranarray(a), " +
        "t=numpy.array([['a','b','c'],['d','e','f']], order='F')); " +
        "numpy.savez(sys.argv[1]+'/o.npz', names=numpy.array([{}], dtype=object))";
      await python(code, folder);
      const read = decodeNpz(await Deno.readFile(`${folder}/f.npz`));
      assert.deepEqual(read["a"], {
        shape: [2, 3, 4],
        data: Float64Array.from({ length: 24 }, (_, n) => n),
      });
      assert.deepEqual(read["t"], { shape: [2, 3], data: ["a", "b", "c", "d", "e", "f"] });
      const objects = await Deno.readFile(`${folder}/o.npz`);
      assert.throws(() => decodeNpz(objects)["names"], /array names: type \|O is not read here/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** A .npy file with any header. */
function npy(header: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  return Uint8Array.of(
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    text.length,
    0,
    ...text,
    ...body,
  );
}

const npz = (members: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(zipSync(members));

Deno.test("decodeNpz() reads headers of Python 2 and of other writers, and big-endian numbers", () => {
  const body = new Uint8Array(Float64Array.of(1, 2).buffer);
  const headers = [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1L), }",
    '{"shape": (2, 1), "descr": "=f8", "fortran_order": true}',
  ];
  for (const header of headers) {
    const { z } = decodeNpz(npz({ "z.npy": npy(header, body) }));
    assert.deepEqual(z, { shape: [2, 1], data: Float64Array.of(1, 2) });
  }
  const big = npy(
    "{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}",
    body.slice(0, 8).reverse(),
  );
  assert.deepEqual(decodeNpz(npz({ "z.npy": big }))["z"]?.data, Float64Array.of(1));
});

Deno.test("decodeNpz() refuses what a header claims and the body does not hold, at once", () => {
  const bad = ["(1000000000, 2)", "(-3,)", "(1.5,)", "(abc,)", "(1000000000000000,)"].map((shape) =>
    `{'descr': '<f8', 'fortran_order': True, 'shape': ${shape}}`
  );
  bad.push("{'descr': '<U0', 'fortran_order': False, 'shape': (300000000,)}");
  for (const header of bad) {
    const arrays = decodeNpz(npz({ "z.npy": npy(header) }), "p.npz");
    assert.throws(() => arrays["z"], /^InputError: Cannot read p\.npz: array z: /, header);
  }
  const empty = npy("{'descr': '<f8', 'fortran_order': True, 'shape': (100000000, 0)}");
  assert.equal(decodeNpz(npz({ "z.npy": empty }))["z"]?.data.length, 0);
});

Deno.test("decodeNpz() refuses a wrong CRC-32 and members that overlap, where they are asked for", () => {
  const bytes = npz({ "z.npy": npy("{}"), "other.npy": npy("{'descr': '|O', 'shape': (1,)}") });
  const wrong = bytes.slice();
  const at = wrong.findIndex((byte, i) =>
    byte === 0x50 && wrong[i + 2] === 1 && wrong[i + 3] === 2
  );
  wrong[at + 16]! ^= 1;
  const arrays = decodeNpz(wrong);
  assert.throws(() => arrays["z"], /the CRC-32 of z\.npy is wrong/);
  assert.throws(() => arrays["other"], /type .* is not read|cannot be understood/);
  const overlap = bytes.slice();
  const second = overlap.findLastIndex((byte, i) =>
    byte === 0x50 && overlap[i + 2] === 1 && overlap[i + 3] === 2
  );
  overlap.fill(0, second + 42, second + 46);
  assert.throws(() => decodeNpz(overlap), /members overlap/);
});

Deno.test("decodeNpz() of mutated bytes gives arrays or an error in words, and soon", () => {
  const good = encodeNpz(arrays);
  const edits = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(edits, fc.nat(good.length), fc.boolean(), (edits, end, isCut) => {
      const bytes = good.slice(0, isCut ? end : good.length);
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
      try {
        Object.values(decodeNpz(bytes)).forEach(({ data }) => assert.ok(data.length >= 0));
      } catch (error) {
        assert.equal((error as Error).name, "InputError", (error as Error).stack ?? "");
      }
    }),
    { numRuns: 2000, seed: 1 },
  );
});
