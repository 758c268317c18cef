import { ROUNDING, threeDigits } from "./format.ts";
import { AXIS } from "./theme.ts";

/** Multiples of powers of ten that a logarithmic axis names. */
const STEPS = [1, 2, 5];

/**
 * Ticks for a logarithmic axis: powers of ten, and where these are few their multiples by 2 and 5.
 *
 * @param low Lower end, above 0.
 * @param high Upper end.
 * @param most Maximum number of ticks.
 */
export function logTicks(low: number, high: number, most = 9): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const slack = 1e-9;
  const within = (steps: readonly number[]): number[] =>
    Array.from({ length: last - first + 1 }, (_, n) => first + n)
      // By text, so that a tick is 0.05 and not 0.05000000000000001.
      .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((tick) => tick >= low * (1 - slack) && tick <= high * (1 + slack));
  const all = within(STEPS);
  return all.length <= most ? all : within([1]);
}

/** What a logarithmic axis shows where there is nothing above rounding. */
const NOTHING: readonly [number, number] = [1e-4, 1];

/**
 * The ends of a logarithmic axis for values of which some may be 0, or below by noise.
 *
 * @param values Those to be shown.
 * @param decades Maximum number of decades, from the largest down.
 */
export function logDomain(values: ArrayLike<number>, decades = Infinity): [number, number] {
  const positive = Array.from(values).filter((x) => x > ROUNDING && x < Infinity);
  if (positive.length === 0) return [...NOTHING];
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  return [Math.max(low, high * 10 ** -decades), low < high ? high : 2 * high];
}

/** A tick at the end of an axis takes the place of one that is nearer to it than this ratio. */
const MIN_RATIO = 1.5;

/** Ticks from 1 to the number of tasks N, where every task is scored or published. */
export function taskTicks(N: number): number[] {
  return [...logTicks(1, N).filter((tick) => tick * MIN_RATIO <= N), N];
}

/** Options of a logarithmic axis that names the ticks between its ends. */
export function logAxis(
  [low, high]: readonly [number, number],
  label: string,
  ticks = logTicks(low, high),
): typeof AXIS & {
  readonly ticks: number[];
  readonly text: (value: number) => string;
  readonly label: string;
} {
  return { ...AXIS, ticks, text: threeDigits, label };
}
