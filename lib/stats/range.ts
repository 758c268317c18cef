/** The whole numbers from `start` up to, and without, `end`; none when `end` is not above `start`. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, n) => start + n);
}
