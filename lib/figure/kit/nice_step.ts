/** Steps that a reader counts in, within a power of ten. */
const STEPS = [1, 2, 5];

/** The least of 1, 2 and 5 times a power of ten that is not below x > 0. */
export function niceStep(x: number): number {
  const power = Math.floor(Math.log10(x));
  const factor = STEPS.find((step) => Number(`${step}e${power}`) >= x);
  return Number(factor === undefined ? `1e${power + 1}` : `${factor}e${power}`);
}
