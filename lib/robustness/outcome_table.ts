import type { ArraysOf, FactsOf } from "../artifact/kind.ts";
import type { outcomes as kind } from "../artifact/kinds.ts";
import type { Claim } from "../claims/claim.ts";
import { matrix, row } from "../stats/matrix.ts";
import { type Headline, HEADLINES } from "./headline.ts";
import type { KeptClaim, Outcome } from "./multiverse.ts";

/** An outcome among others of the same control, sample or choice. */
export interface GroupedOutcome extends Outcome {
  readonly group: string;
}

/** Outcomes as an artifact holds them. */
export function outcomeTable(
  outcomes: readonly GroupedOutcome[],
): { readonly arrays: ArraysOf<typeof kind>; readonly facts: FactsOf<typeof kind> } {
  const claims = outcomes.find(({ claims }) => claims !== undefined)?.claims ?? [];
  const numbers = outcomes.flatMap(({ numbers }) =>
    HEADLINES.map((name) => numbers?.[name] ?? NaN)
  );
  const holds = outcomes.flatMap((outcome) =>
    claims.map((_, c) => encode(outcome.claims?.[c] ?? { holds: null, atEdge: false }))
  );
  return {
    arrays: {
      group: outcomes.map(({ group }) => group),
      name: outcomes.map(({ name }) => name),
      remark: outcomes.map(({ remarks }) => remarks.join("; ")),
      edge: outcomes.map(({ edges }) => edges.join("; ")),
      headline: [...HEADLINES],
      numbers: matrix(outcomes.length, HEADLINES.length, Float64Array.from(numbers)),
      claim: claims.map(({ statement }) => statement),
      claim_figure: claims.map(({ figure }) => figure),
      claim_source: claims.map(({ source }) => source),
      claim_measured: claims.map(({ measured }) => measured),
      claim_expected: Int32Array.from(claims, ({ expected }) => Number(expected)),
      holds: matrix(outcomes.length, claims.length, Float64Array.from(holds)),
    },
    facts: {
      n_outcomes: outcomes.length,
      n_without_numbers: outcomes.filter(({ numbers }) => numbers === undefined).length,
    },
  };
}

function encode({ holds, atEdge }: Pick<Claim, "holds" | "atEdge">): number {
  return holds === null ? (atEdge ? 0 : NaN) : Number(holds);
}

/** The outcomes of an artifact. */
export function outcomesOf(arrays: ArraysOf<typeof kind>): GroupedOutcome[] {
  const { group, name, remark, headline, numbers, claim, holds } = arrays;
  return name.map((name, n) => {
    const values = row(numbers, n);
    const claims = claim.map((statement, c): KeptClaim => {
      const held = row(holds, n)[c]!;
      return {
        statement,
        figure: arrays.claim_figure[c]!,
        source: arrays.claim_source[c]!,
        measured: arrays.claim_measured[c]!,
        expected: arrays.claim_expected[c] === 1,
        holds: Number.isNaN(held) ? null : held === 1,
        atEdge: false,
      };
    });
    const isPlayed = !values.some(Number.isNaN);
    return {
      group: group[n]!,
      name,
      remarks: remark[n] === "" ? [] : [remark[n]!],
      edges: arrays.edge[n] === "" ? [] : arrays.edge[n]!.split("; "),
      numbers: isPlayed
        ? Object.fromEntries(headline.map((key, h) => [key, values[h]!])) as Headline
        : undefined,
      claims: isPlayed && claims.some((claim) => claim.holds !== null) ? claims : undefined,
    };
  });
}
