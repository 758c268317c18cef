import { unzipSync } from "fflate";
import { decodeNpy } from "../artifact/npy.ts";
import { InputError } from "../base/errors.ts";
import { readPool } from "../pool/read_pool.ts";
import { type Matrix, matrix } from "../stats/matrix.ts";

/** A game on more would take too long for a page. */
const MAX_TASKS = 3000;
const MAX_BYTES = 64 << 20;

/**
 * The tasks in a file that a person dropped on the page.
 *
 * @throws {InputError} When it is no pool, in words.
 */
export function readDropped(bytes: Uint8Array, name: string): Matrix {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const z = readPool(isZip ? ofNpz(bytes, name) : ofCsv(bytes, name), name);
  if (z.rows <= MAX_TASKS) return z;
  throw new InputError(
    `Cannot use the pool ${name}: it has ${z.rows} tasks, and this page plays on at most ${MAX_TASKS}.`,
  );
}

function ofNpz(bytes: Uint8Array, name: string): Matrix {
  const fail = (why: string): never => {
    throw new InputError(
      `Cannot read ${name}: ${why}. Save it by numpy.savez with an array z, N × d.`,
    );
  };
  try {
    const only = {
      filter: (file: { name: string; originalSize: number }): boolean =>
        file.name === "z.npy" && file.originalSize <= MAX_BYTES,
    };
    const found = unzipSync(bytes, only)["z.npy"];
    if (found === undefined) return fail("it has no array z, or one that is too large");
    const { shape, data } = decodeNpy(found as Uint8Array<ArrayBuffer>);
    const isReal = data instanceof Float64Array || data instanceof Float32Array;
    if (!isReal || shape.length !== 2) return fail("its array z is not a table of real numbers");
    return finite(matrix(shape[0]!, shape[1]!, Float64Array.from(data)), name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function ofCsv(bytes: Uint8Array, name: string): Matrix {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/)
    .map((text, n) => ({ text: text.trim(), line: n + 1 }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
  const cells = lines.map(({ text }) => text.split(/[,;\t]/).map((cell) => Number(cell || NaN)));
  // A first row of names is allowed.
  const start = cells[0]?.some(Number.isNaN) ? 1 : 0;
  const rows = cells.slice(start);
  const d = rows[0]?.length ?? 0;
  rows.forEach((row, n) => {
    const { line } = lines[start + n]!;
    if (row.length !== d) {
      throw new InputError(
        `Cannot read ${name}: line ${line} has ${row.length} numbers, not ${d}.`,
      );
    }
    if (row.some((x) => !Number.isFinite(x))) {
      throw new InputError(`Cannot read ${name}: line ${line} has something that is not a number.`);
    }
  });
  return matrix(rows.length, d, Float64Array.from(rows.flat()));
}

function finite(z: Matrix, name: string): Matrix {
  const at = z.data.findIndex((x) => !Number.isFinite(x));
  if (at < 0) return z;
  const row = Math.floor(at / z.cols) + 1;
  throw new InputError(`Cannot use the pool ${name}: row ${row} of z has ${z.data[at]}.`);
}
