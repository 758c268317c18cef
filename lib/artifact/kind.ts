import type { z } from "zod";
import { InputError } from "../base/errors.ts";
import { type Matrix, matrix } from "../stats/matrix.ts";
import type { NpyArray } from "./npy.ts";
import type { NpzArrays } from "./npz.ts";

/** A symbol, of one size throughout an artifact, or the size 1. */
type Dimension = string | 1;

/** Element types: `real` is float64, and float32 is read as such. */
type Element = "float64" | "int32" | "real" | "text";

/** How an array is declared: its element type, dimensions, and what else is allowed. */
export interface ArrayType<
  E extends Element = Element,
  D extends readonly Dimension[] = readonly Dimension[],
  Optional extends boolean = boolean,
> {
  readonly element: E;
  readonly dims: D;
  readonly isOptional: Optional;
  /** Whether NaN may stand for a missing number; infinities never may. */
  readonly mayBeMissing: boolean;
}

/** Named facts about a result. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** A kind of artifact: the one declaration that its writer and its readers share. */
export interface Kind<
  A extends Readonly<Record<string, ArrayType>> = Readonly<Record<string, ArrayType>>,
  F extends z.ZodType<object> = z.ZodType<object>,
> {
  /** What it is called in errors. */
  readonly name: string;
  /** The arrays, in the order in which they are written. */
  readonly arrays: A;
  readonly facts: F;
}

/** A declaration, with its types inferred. */
export function defineKind<
  const A extends Readonly<Record<string, ArrayType>>,
  F extends z.ZodType<object>,
>(name: string, declared: { readonly facts: F; readonly arrays: A }): Kind<A, F> {
  return { name, ...declared };
}

/** What an array is in memory: a number for one entry, a Matrix for a table of reals, else flat. */
type Value<E extends Element, D extends readonly Dimension[]> = E extends "text" ? readonly string[]
  : D extends readonly [] | readonly [1] ? number
  : E extends "int32" ? Int32Array
  : D extends readonly [Dimension, Dimension] ? Matrix
  : Float64Array;

type ValueOf<T> = T extends ArrayType<infer E, infer D> ? Value<E, D> : never;

/** The arrays of a kind, by name. */
export type ArraysOf<K extends Kind> =
  & {
    readonly [N in keyof K["arrays"] as K["arrays"][N]["isOptional"] extends true ? never : N]:
      ValueOf<K["arrays"][N]>;
  }
  & {
    readonly [N in keyof K["arrays"] as K["arrays"][N]["isOptional"] extends true ? N : never]?:
      ValueOf<K["arrays"][N]>;
  };

/** The sizes of a kind's dimensions, by symbol. */
export type DimsOf<K extends Kind> = {
  readonly [N in Extract<K["arrays"][keyof K["arrays"]]["dims"][number], string>]: number;
};

/** The facts of a kind. */
export type FactsOf<K extends Kind> = z.output<K["facts"]>;

/** What an artifact of a kind holds. */
export interface Contents<K extends Kind> {
  readonly arrays: ArraysOf<K>;
  readonly dims: DimsOf<K>;
  readonly facts: FactsOf<K>;
}

/** Declares arrays of an element type, by their dimensions. */
function declare<E extends Element>(
  element: E,
): <const D extends readonly Dimension[]>(...dims: D) => ArrayType<E, D, false> {
  return (...dims) => ({ element, dims, isOptional: false, mayBeMissing: false });
}
export const float64 = declare("float64");
export const int32 = declare("int32");
export const text = declare("text");
/** Float64, or float32 in a file made elsewhere. */
export const real = declare("real");

/** The same array, which may be absent. */
export function optional<E extends Element, D extends readonly Dimension[]>(
  type: ArrayType<E, D>,
): ArrayType<E, D, true> {
  return { ...type, isOptional: true };
}

/** The same array, in which NaN may stand for a missing number, such as a minimum where there is none. */
export function missing<E extends Element, D extends readonly Dimension[]>(
  type: ArrayType<E, D, false>,
): ArrayType<E, D, false> {
  return { ...type, mayBeMissing: true };
}

/** The suffixes of a band's three arrays. */
type Part = "mean" | "p10" | "p90";

/** The three arrays of a band over replicates or draws: `NAME_mean`, `NAME_p10` and `NAME_p90`. */
export function band<N extends string, D extends readonly Dimension[]>(
  name: N,
  type: ArrayType<"float64", D, false>,
): Readonly<Record<`${N}_${Part}`, ArrayType<"float64", D, false>>> {
  return bandArrays(name, { mean: type, p10: type, p90: type });
}

/** A band of an artifact, by its name. */
export function bandIn<N extends string>(
  arrays: Readonly<Record<`${N}_${Part}`, Float64Array>>,
  name: N,
): Readonly<Record<Part, Float64Array>> {
  return { mean: arrays[`${name}_mean`], p10: arrays[`${name}_p10`], p90: arrays[`${name}_p90`] };
}

/** A band under the names of its three arrays. */
export function bandArrays<N extends string, T>(
  name: N,
  { mean, p10, p90 }: Readonly<Record<Part, T>>,
): Readonly<Record<`${N}_${Part}`, T>> {
  return { [`${name}_mean`]: mean, [`${name}_p10`]: p10, [`${name}_p90`]: p90 } as Record<
    `${N}_${Part}`,
    T
  >;
}

/**
 * Arrays of zeros, to be filled.
 *
 * @param dims The size of each symbol.
 */
export function zeros<K extends Kind>(kind: K, dims: DimsOf<K>): ArraysOf<K> {
  const sizes = dims as Readonly<Record<string, number>>;
  const required = Object.entries(kind.arrays).filter(([, { isOptional }]) => !isOptional);
  const blank = required.map(([name, { element, dims }]) => {
    const shape = dims.map((symbol) => sizes[symbol] ?? 1);
    const count = shape.reduce((product, n) => product * n, 1);
    const data = element === "text"
      ? new Array<string>(count).fill("")
      : new (element === "int32" ? Int32Array : Float64Array)(count);
    return [name, { shape, data } as NpyArray] as const;
  });
  return decodeArrays(kind, Object.fromEntries(blank), "zeros").arrays;
}

/**
 * The typed contents of an .npz file's arrays.
 *
 * @param name The file, for errors.
 * @throws {InputError} When an array is missing, is of another element type or shape, or holds NaN where
 * it may not, or an infinity. It names the file and the array, what was expected and what was found.
 */
export function decodeArrays<K extends Kind>(
  kind: K,
  found: NpzArrays,
  name: string,
): Pick<Contents<K>, "arrays" | "dims"> {
  const sizes = new Map<string, { readonly size: number; readonly from: string }>();
  const values: Record<string, unknown> = {};
  for (const [array, type] of Object.entries(kind.arrays)) {
    const fail = (reason: string): never => {
      throw new InputError(
        `Cannot use ${name} as ${kind.name}: array ${array} ${reason}; expected ${words(type)}.`,
      );
    };
    const given = found[array];
    if (given === undefined) {
      if (type.isOptional) continue;
      return fail("is missing");
    }
    if (!isOf(given, type.element)) fail(`has elements of type ${elementOf(given)}`);
    if (given.shape.length !== type.dims.length) fail(`has shape ${tuple(given.shape)}`);
    type.dims.forEach((symbol, axis) => {
      const size = given.shape[axis] ?? 0;
      const known = symbol === 1 ? { size: 1, from: "" } : sizes.get(symbol);
      if (known === undefined) sizes.set(String(symbol), { size, from: array });
      else if (known.size !== size) {
        const where = symbol === 1 ? "" : `, where ${symbol} is ${known.size} in ${known.from}`;
        fail(`has shape ${tuple(given.shape)}${where}`);
      }
    });
    const count = given.shape.reduce((product, n) => product * n, 1);
    if (given.data.length !== count) fail(`has ${given.data.length} entries, not ${count}`);
    const at = (given.data as readonly unknown[]).findIndex((x) =>
      typeof x === "number" && !Number.isFinite(x) && !(type.mayBeMissing && Number.isNaN(x))
    );
    if (at >= 0) fail(`holds ${given.data[at]} at ${tuple(placeOf(at, given.shape))}`);
    values[array] = valueOf(given, type.dims);
  }
  const dims = Object.fromEntries([...sizes].map(([symbol, { size }]) => [symbol, size]));
  return { arrays: values as ArraysOf<K>, dims: dims as DimsOf<K> };
}

/**
 * The arrays of an .npz file for typed ones, in the declared order.
 *
 * @throws {InputError} As decodeArrays() does.
 */
export function encodeArrays<K extends Kind>(kind: K, arrays: ArraysOf<K>): NpzArrays {
  const values = arrays as Readonly<Record<string, unknown>>;
  const given = Object.entries(kind.arrays).filter(([name]) => values[name] !== undefined)
    .map(([name, type]) => ({ name, ...type, value: values[name] }));
  const sizes = new Map<Dimension, number>([[1, 1]]);
  const shapes = given.map(({ dims, value }) => shapeOf(value, dims.length));
  given.forEach(({ dims }, n) => shapes[n]?.forEach((size, axis) => sizes.set(dims[axis]!, size)));
  const encoded: NpzArrays = Object.fromEntries(given.map(({ name, element, dims, value }, n) => [
    name,
    {
      shape: shapes[n] ?? dims.map((symbol) => sizes.get(symbol) ?? 0),
      data: dataOf(value, element),
    } as NpyArray,
  ]));
  decodeArrays(kind, encoded, "what was made");
  return encoded;
}

/** The shape that a value shows by itself; undefined of a flat array of three dimensions or more. */
function shapeOf(value: unknown, rank: number): readonly number[] | undefined {
  if (typeof value === "number") return rank === 0 ? [] : [1];
  if (isMatrix(value)) return [value.rows, value.cols];
  return rank === 1 ? [(value as ArrayLike<unknown>).length] : undefined;
}

function dataOf(value: unknown, element: Element): NpyArray["data"] {
  if (typeof value === "number") {
    return element === "int32" ? Int32Array.of(value) : Float64Array.of(value);
  }
  return isMatrix(value) ? value.data : value as NpyArray["data"];
}

function valueOf({ shape, data }: NpyArray, dims: readonly Dimension[]): unknown {
  if (Array.isArray(data)) return data;
  if (dims.length === 0 || dims[0] === 1) return data[0];
  const whole = data instanceof Float32Array ? Float64Array.from(data) : data;
  const [rows = 0, cols = 0] = shape;
  return shape.length === 2 && whole instanceof Float64Array ? matrix(rows, cols, whole) : whole;
}

function isMatrix(value: unknown): value is Matrix {
  return typeof value === "object" && value !== null && "rows" in value;
}

function isOf({ data }: NpyArray, element: Element): boolean {
  if (element === "text") return Array.isArray(data);
  if (element === "int32") return data instanceof Int32Array;
  return data instanceof Float64Array || (element === "real" && data instanceof Float32Array);
}

function elementOf({ data }: NpyArray): string {
  return Array.isArray(data)
    ? "text"
    : data.constructor.name.replace(/^Big|Array$/g, "").toLowerCase();
}

function words({ element, dims }: ArrayType): string {
  return `${element === "real" ? "float64 or float32" : element} of shape ${tuple(dims)}`;
}

function tuple(sizes: readonly (string | number)[]): string {
  return `(${sizes.join(", ")}${sizes.length === 1 ? "," : ""})`;
}

/** The indices of the n-th entry in C order. */
function placeOf(n: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (const size of shape.toReversed()) {
    place.unshift(n % size);
    n = Math.floor(n / size);
  }
  return place;
}
