/** Multiples of powers of ten that a logarithmic axis names. */
const STEPS = [1, 2, 5];

/**
 * Ticks for a logarithmic axis: powers of ten, and where these are few their multiples by 2 and 5.
 *
 * @param low Lower end, above 0.
 * @param high Upper end.
 * @param most So many ticks at the most.
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

/** A tick as a reader expects it: 0.01, 1, 100, 1,000. */
export function formatTick(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
