import assert from "node:assert/strict";
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
