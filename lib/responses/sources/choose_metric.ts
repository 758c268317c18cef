import { type Choice, Unusable } from "./eval_run.ts";

/**
 * Chooses which metric of a file is the response.
 *
 * @param names The metrics that it has, in its order.
 * @param choice What was asked for.
 * @param usual The usual ones, the best first.
 * @throws {Unusable} When it has none that was asked for, or it is not clear which to take.
 */
export function chooseMetric(
  names: readonly string[],
  { metric }: Choice,
  usual: readonly string[],
): string {
  if (metric !== null) {
    const found = metric.find((name) => names.includes(name));
    if (found !== undefined) return found;
    throw new Unusable(`it does not have the metric ${metric.join(" or ")}`, names);
  }
  const found = usual.find((name) => names.includes(name)) ??
    (names.length === 1 ? names[0] : undefined);
  if (found !== undefined) return found;
  throw new Unusable(
    names.length === 0
      ? "none of its samples has a score"
      : `it has the metrics ${names.slice(0, 8).join(", ")}: choose one`,
    names,
  );
}
