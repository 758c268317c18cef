import type { VerdictLine } from "../robustness/verdict.ts";
import type { Result } from "../runner/project.ts";

/** The target of `deno task robustness`: nothing that `reproduce` makes depends on it. */
export const REPORT = "robustness_report";

/** The verdicts among the results of {@linkcode REPORT}; undefined where there are none. */
export async function verdictsIn(
  results: readonly Result[],
): Promise<readonly VerdictLine[] | undefined> {
  const found = results.find(({ path }) => path.endsWith(".json"));
  return found && JSON.parse(await Deno.readTextFile(found.file));
}

/** Breakers that a caption names; of more, how many. */
const NAMED = 3;

/** What comes first in a caption. */
const KINDS = ["robust", "fragile", "not supported"] as const;

/**
 * How sure what a figure shows is, in words for its caption; "" where nothing about it was judged.
 *
 * @param figure Its name, without an ending.
 */
export function sureness(verdicts: readonly VerdictLine[], figure: string): string {
  const found = verdicts.filter((line) => line.figure === figure);
  const kinds = KINDS.filter((kind) => found.some(({ verdict }) => verdict === kind));
  return kinds.map((kind, n) => {
    const statements = found.filter(({ verdict }) => verdict === kind)
      .map(({ statement, breaks_with }) => {
        const words = statement.replace(/\.$/, "");
        return kind === "fragile" ? `${words} (breaks with ${some(breaks_with)})` : words;
      });
    const where = n === 0 ? " under other choices, samples and controls" : "";
    return `${kind[0]!.toUpperCase()}${kind.slice(1)}${where}: ${statements.join("; ")}.`;
  }).join(" ");
}

function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return rest > 1 ? `${names.slice(0, NAMED).join(", ")} and ${rest} more` : names.join(", ");
}
