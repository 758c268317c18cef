/**
 * Games, figures and claims on small and degenerate pools: what they write is finite and says what is
 * right, or they refuse the pool in words.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "@std/path";
import { unzlibSync } from "fflate";
import type { z } from "zod";
import { encodeNpz } from "../../lib/artifact/npz.ts";
import { digestOf } from "../../lib/base/digest.ts";
import type { Claim } from "../../lib/claims/claim.ts";
import type { InputFile, Task } from "../../lib/runner/task.ts";
import claimsTask from "../../tasks/claims.ts";
import asymmetry from "../../tasks/fig_oneshot_asymmetry.ts";
import erm from "../../tasks/fig_oneshot_erm_vs_transparency.ts";
import transparency from "../../tasks/fig_oneshot_transparency.ts";
import closedForm from "../../tasks/fig_repeated_closedform.ts";
import delta from "../../tasks/fig_repeated_delta_vs_k.ts";
import colormap from "../../tasks/fig_repeated_rho_k_colormap.ts";
import validation from "../../tasks/fig_repeated_validation.ts";
import oneShot from "../../tasks/one_shot.ts";
import repeated from "../../tasks/repeated.ts";
import totalCost from "../../tasks/total_cost.ts";
import { allowed } from "../support.ts";

const ignore = !allowed("read", "write", "env", "ffi", "sys");

const GAME = {
  bias_bandwidth: 0.3,
  correction: "gap_gaussian",
  correction_bandwidth: 0.1,
  n_rounds: 12,
  forgetting: null,
  prior_mass: null,
  gamma: 0.05,
  ks: [1, 5, 100],
  delta_rhos: [0.05, 0],
  validation_rhos: [0.1, 1],
  map_rhos: { min: 0.01, max: 1, n: 3 } as object,
  closed_rhos: [0.1],
};
type Game = typeof GAME;
const WIDTH = { width: 3.3 };

type Files = Readonly<Record<string, InputFile>>;

/** Runs a task in a folder, and gives its outputs. */
async function run<Schema extends z.ZodObject, Input extends string, Output extends string>(
  folder: string,
  task: Task<Schema, Input, Output>,
  params: object,
  inputs: Readonly<Partial<Record<Input, InputFile>>>,
): Promise<Files> {
  const names = Object.entries(task.outputs) as [Output, { readonly kind: string }][];
  const at = crypto.randomUUID();
  const outputs = Object.fromEntries(
    names.map(([name, { kind }]) => [name, join(folder, `${at}.${kind}`)]),
  ) as Record<Output, string>;
  await task.run({
    params: task.params!.parse(params),
    seed: "small pools",
    inputs,
    outputs,
    provenance: { target: at, task: at, key: "" as InputFile["digest"], software: {} },
    downloads: undefined,
    secrets: {},
    progress: () => {},
    log: () => {},
    warn: () => {},
  });
  return Object.fromEntries(
    await Promise.all(names.map(async ([name]) => {
      const path = outputs[name];
      return [name, { path, name, digest: digestOf(await Deno.readFile(path)) }] as const;
    })),
  );
}

/** Plays and draws everything on a pool; gives all texts that a person reads, and the claims. */
async function everything(
  z: readonly (readonly number[])[],
  game: Game,
): Promise<{ readonly texts: string[]; readonly claims: readonly Claim[] }> {
  const folder = await Deno.makeTempDir({ prefix: "small-pool-" });
  try {
    const path = join(folder, "pool.npz");
    const data = Float64Array.from(z.flat());
    const array = { shape: [z.length, z[0]!.length], data, mayBeMissing: true } as const;
    await Deno.writeFile(path, encodeNpz({ z: array }));
    const pool = { path, name: "pool.npz", digest: digestOf("pool") };
    const { ks, delta_rhos, validation_rhos, map_rhos, closed_rhos, ...rest } = game;
    const { gamma: _gamma, ...plain } = rest;
    const few = { n_replicates: 3, n_bootstrap: 5 };
    const one = await run(folder, oneShot, {
      bias_bandwidth: game.bias_bandwidth,
      n_draws: 3,
      n_ks: 6,
      awareness: [0.01, 1],
      asymmetry: { k: 20, bandwidth: 0.3, min_alpha: 0.01, n_alphas: 3, n_betas: 3 },
    }, { pool });
    const series = (rhos: readonly number[]): Promise<Files> =>
      run(folder, repeated, { ...plain, ks, rhos, n_replicates: 3 }, { pool });
    const map = await run(folder, totalCost, {
      ...{ ...rest, ...few, rhos: map_rhos, n_ks: 5, n_ks_mean_field: null },
    }, { pool });
    const curves = await run(folder, totalCost, {
      ...{ ...rest, ...few, rhos: closed_rhos, n_ks: 5, n_ks_mean_field: 9 },
    }, { pool });
    const [played, validated] = [await series(delta_rhos), await series(validation_rhos)];
    const figures = {
      transparency: await run(folder, transparency, WIDTH, one as never),
      erm: await run(folder, erm, WIDTH, one as never),
      asymmetry: await run(folder, asymmetry, WIDTH, one as never),
      delta: await run(folder, delta, WIDTH, played as never),
      bound: await run(folder, validation, WIDTH, validated as never),
      cost: await run(folder, colormap, { ...WIDTH, of: "cost" }, map as never),
      misalignment: await run(folder, colormap, { ...WIDTH, of: "misalignment" }, map as never),
      closed: await run(folder, closedForm, { ...WIDTH, rho: closed_rhos[0] }, curves as never),
    };
    const claims = await run(folder, claimsTask, { suffix: "" }, {
      one_shot: only(one),
      repeated: only(played),
      total_cost: only(map),
      validation: only(validated),
    });
    const made = JSON.parse(await Deno.readTextFile(claims["claims"]!.path)) as Claim[];
    const texts = [JSON.stringify(made)];
    for (const files of Object.values(figures)) {
      const text = await Deno.readTextFile(files["csv"]!.path);
      texts.push(text.replace(/^# provenance: .*$/m, ""));
      texts.push(drawing(await Deno.readFile(files["pdf"]!.path)));
    }
    return { texts, claims: made };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The file of a task that writes one. */
function only(files: Files): InputFile {
  return Object.values(files)[0]!;
}

/** The operators that draw a PDF's page. */
function drawing(pdf: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(pdf);
  return [...text.matchAll(/stream\r?\n/g)].map(({ index, 0: { length } }) => {
    try {
      return new TextDecoder("latin1").decode(unzlibSync(pdf.subarray(index + length)));
    } catch {
      return "";
    }
  }).filter((stream) => /\bre\b|\bl\n/.test(stream)).join("\n");
}

const WRONG = /NaN|Infinity|∞|undefined|null%|round [−-]1\b|[−-]0\.0+\b(?!\d)/;

async function hold(
  z: readonly (readonly number[])[],
  game: Game = GAME,
): Promise<readonly Claim[]> {
  const { texts, claims } = await everything(z, game);
  for (const text of texts) {
    const found = WRONG.exec(text);
    assert.equal(found && text.slice(Math.max(0, found.index - 160), found.index + 40), null);
  }
  for (const { holds, measured, value, shown, atEdge } of claims) {
    assert.equal(holds === null, measured.startsWith("does not apply: "));
    assert.ok(holds === null || Number.isFinite(value), measured);
    assert.equal(value !== null, shown !== "", measured);
    assert.ok(!atEdge || holds === null);
  }
  return claims;
}

/** N tasks of d skills, alike each time. */
const KINDS: Readonly<Record<string, (i: number, j: number, d: number) => number>> = {
  "of any kind": (i, j, d) => (((i * 7 + j * 5) % 11) + 1) / (12 * Math.sqrt(d)),
  "on one axis": (i, j) => (j === 0 ? ((i % 5) + 1) / 6 : 0),
  "of unit length on one axis": (_, j) => (j === 0 ? 1 : 0),
  "on the last axis": (i, j, d) => (j === d - 1 ? ((i % 5) + 1) / 6 : 0),
  "all identical": (_, j, d) => (j + 1) / (d * 4),
  "of which one differs": (i, j) => (j === (i === 0 ? 1 : 0) ? 0.5 : 0),
  "almost zero": (i, j) => 1e-9 * ((i + j) % 3 + 1),
};

const rows = (kind: string, N: number, d: number): number[][] =>
  Array.from({ length: N }, (_, i) => Array.from({ length: d }, (_, j) => KINDS[kind]!(i, j, d)));

for (const kind of Object.keys(KINDS)) {
  const sizes = kind === "of any kind" ? [2, 3, 4, 5, 6, 13, 19, 20, 25] : [2, 4, 7, 20];
  Deno.test({
    name: `games, figures and claims are in finite numbers and right words on pools ${kind}`,
    ignore,
    fn: async (t) => {
      for (const N of sizes) {
        for (const d of kind === "of any kind" ? [1, 2, 3] : [3]) {
          await t.step(`N = ${N}, d = ${d}`, async () => void await hold(rows(kind, N, d)));
        }
      }
    },
  });
}

Deno.test({
  name:
    "claims do not apply to pools of fewer tasks than they speak of, nor where all tasks are alike",
  ignore,
  fn: async () => {
    const small = await hold(rows("of any kind", 19, 3));
    const reason = (claims: readonly Claim[], statement: RegExp): string | undefined =>
      claims.find((claim) => statement.test(claim.statement))?.measured;
    assert.match(
      reason(small, /worth less than ERM/)!,
      /does not apply: 5 % of 19 tasks are less than one task/,
    );
    const tiny = await hold(rows("of any kind", 4, 3));
    assert.match(reason(tiny, /mean field is within 2 %/)!, /does not apply: .* k ≥ 5/);
    const alike = await hold(rows("on one axis", 25, 3));
    assert.ok(alike.every(({ holds }) => holds === null));
    assert.match(reason(alike, /Δ_t increases with k/)!, /there is no misalignment/);
    assert.match(reason(alike, /published score/)!, /the same mix of skills/);
  },
});

Deno.test({
  name:
    "games, figures and claims are in finite numbers and right words at the ends of their params",
  ignore,
  fn: async (t) => {
    const games: Readonly<Record<string, Partial<Game>>> = {
      "one round": { n_rounds: 1 },
      "no cost of misalignment": { gamma: 0 },
      "uniform correction": { correction: "uniform" },
      "no forgetting": { forgetting: 0 as unknown as null },
      "all forgotten": { forgetting: 1 as unknown as null },
      "no bandwidth of correction": { correction_bandwidth: 0 },
      "next to no bandwidth": { correction_bandwidth: 1e-200 },
      "one k, one rate": {
        ks: [1],
        delta_rhos: [0.5],
        validation_rhos: [1],
        map_rhos: [0.5],
        closed_rhos: [1],
      },
      "no correction": { delta_rhos: [0], validation_rhos: [0] },
      "a wide bias": { bias_bandwidth: 1e6 },
    };
    for (const [name, change] of Object.entries(games)) {
      await t.step(
        name,
        async () => void await hold(rows("of any kind", 12, 3), { ...GAME, ...change }),
      );
    }
  },
});

Deno.test({
  name: "a pool or bandwidth on which no game can be played is refused in words",
  ignore,
  fn: async () => {
    const some = rows("of any kind", 6, 2);
    const cases: readonly (readonly [number[][], Partial<Game>, RegExp])[] = [
      [rows("of any kind", 1, 2), {}, /one row/],
      [[...some, [0, 0]], {}, /row 7 of z is zero/],
      [[...some, [1e-200, 0]], {}, /row 7 of z is zero/],
      [[...some, [NaN, 0]], {}, /z holds NaN at \(6, 0\)/],
      [[...some, [Infinity, 0]], {}, /z holds Infinity at \(6, 0\)/],
      [some, { bias_bandwidth: 1e-9 }, /larger bandwidth/],
      [some, { bias_bandwidth: 1e-200 }, /larger bandwidth/],
    ];
    for (const [z, game, words] of cases) {
      await assert.rejects(everything(z, { ...GAME, ...game }), (error: Error) => {
        return /RangeError|InputError/.test(error.name) && words.test(error.message);
      });
    }
  },
});
