import type { Artifact, Results } from "../artifact/artifact.ts";
import type { Kind } from "../artifact/kind.ts";
import type * as kinds from "../artifact/kinds.ts";
import { findFact } from "../artifact/lineage.ts";
import type { Claim } from "../claims/claim.ts";
import { asymmetryFigure } from "../figure/asymmetry_figure.ts";
import { closedFormFigure } from "../figure/closed_form_figure.ts";
import { deltaVsKFigure } from "../figure/delta_vs_k_figure.ts";
import { ermFigure } from "../figure/erm_figure.ts";
import type { Figure } from "../figure/figure.ts";
import type { Page } from "../figure/kit/plot_svg.ts";
import { loadingsFigure } from "../figure/loadings_figure.ts";
import { parallelAnalysisFigure } from "../figure/parallel_analysis_figure.ts";
import { rhoKColormapFigure } from "../figure/rho_k_colormap_figure.ts";
import { transparencyFigure } from "../figure/transparency_figure.ts";
import { validationFigure } from "../figure/validation_figure.ts";
import { article, type DrawnFigure } from "./article.ts";
import type { PageData } from "./app.ts";
import { draw, DRAWING_NAMES, type DrawingName } from "./draw.ts";
import { base64 } from "./base64.ts";
import { costMap, type Job, oneShot, paths, type Played } from "./engine.ts";
import { finishSvg, shortMarkup } from "./finish_svg.ts";
import { modelOf } from "./model.ts";
import { runSection } from "./run_section.ts";
import type { Settings } from "./settings.ts";

type ForBothPools<N extends string, K extends Kind> = Readonly<
  Record<N | `${N}_synthetic`, Artifact<K>>
>;

/** The artifacts that the page shows. */
export type PageArtifacts =
  & {
    readonly parallel_analysis: Artifact<typeof kinds.parallelAnalysis>;
    readonly loadings: Artifact<typeof kinds.loadings>;
    readonly tasks: Artifact<typeof kinds.tasks>;
    readonly one_shot: Artifact<typeof kinds.oneShot>;
  }
  & ForBothPools<"pool", typeof kinds.pool>
  & ForBothPools<"repeated" | "validation", typeof kinds.repeated>
  & ForBothPools<"map" | "closedform", typeof kinds.totalCost>;

const [NARROW, WIDE] = [3.3, 6.75];

/** The round that the scrubber starts at. */
const ROUND = 40;

/** The article, as HTML, and what the page's script reads, as JSON. */
export interface MadeArticle {
  readonly article: string;
  readonly data: string;
}

/**
 * Draws the page's figures and writes its article.
 *
 * @param read What it shows.
 * @param claims Of all pools.
 * @param settings Those of the paper's figures.
 * @param choices Those that no artifact holds.
 * @param software What it was made with.
 */
export async function makeArticle(
  read: PageArtifacts,
  claims: readonly Claim[],
  settings: Settings,
  choices: Pick<Played, "nKs" | "priorMass">,
  software: Readonly<Record<string, string>>,
): Promise<MadeArticle> {
  const { JSDOM } = await import("jsdom");
  const { document } = new JSDOM("").window as unknown as { readonly document: Document };
  const pages = { narrow: { document, width: NARROW }, wide: { document, width: WIDE } };
  const figures = new Map<string, DrawnFigure>();
  for (const { name, of, make } of paperFigures(read)) {
    const { title, caption, svg } = make(pages.wide);
    figures.set(name, {
      ...{ name, title, caption },
      wide: isStage(name) ? undefined : shortMarkup(finishSvg(svg, `${name}-w`)),
      narrow: shortMarkup(finishSvg(make(pages.narrow).svg, `${name}-n`)),
      isSimulated: findFact(of.lineage, "simulated") === true,
    });
  }
  const common = {
    oneShotSeed: read.one_shot.facts.seed,
    draws: read.one_shot.facts.n_draws,
    rhos: Array.from(read.map.arrays.rho),
    ks: Array.from(read.repeated.arrays.k),
    costPoints: read.closedform.arrays.k_mean_field.length,
    ...choices,
  };
  const played = {
    pool: { ...common, repeatedSeed: read.repeated.facts.seed },
    pool_synthetic: { ...common, repeatedSeed: read.repeated_synthetic.facts.seed },
  };
  const isSimulated = findFact(read.pool.lineage, "simulated") === true;
  const table = isSimulated ? undefined : String(findFact(read.pool.lineage, "benchmarks") ?? "");
  const job: Job = { z: read.pool.arrays.z, settings, played: played.pool };
  const model = modelOf(job, {
    paths: await paths(job),
    oneShot: oneShot(job),
    map: await costMap(job),
  });
  const extras = { ghost: undefined, band: undefined, round: ROUND };
  const markup = (name: DrawingName, page: Page): string =>
    shortMarkup(draw(name, model, extras, page));
  const live = new Map(
    DRAWING_NAMES.map((name) => [name, {
      wide: markup(name, pages.wide),
      narrow: markup(name, pages.narrow),
    }]),
  );
  const data: PageData = {
    defaults: settings,
    played,
    pools: (["pool", "pool_synthetic"] as const).map((name) => {
      const { z } = read[name].arrays;
      return {
        name,
        rows: z.rows,
        cols: z.cols,
        z: base64(new Uint8Array(Float64Array.from(z.data).buffer)),
      };
    }),
  };
  return {
    article: article({
      figures,
      live,
      settings,
      isSimulated,
      table,
      numbers: model.numbers,
      pools: [
        { name: "pool", label: table === undefined ? "MMLU-Pro (simulated)" : nameOf(table) },
        { name: "pool_synthetic", label: "synthetic" },
      ],
      run: runSection(
        Object.values(read).map(({ file: { name, digest }, lineage }) => ({
          ...{ name, digest, lineage },
        })),
        claims,
        software,
      ),
    }),
    data: JSON.stringify(data),
  };
}

/** What a pool is called, by the benchmarks of its table. */
function nameOf(benchmarks: string): string {
  const names = benchmarks.split("), ").map((text) => text.replace(/ \(.*/, ""));
  const [name = ""] = names;
  return names.length > 1 || name === "" ? "of the table" : name === "mmlupro" ? "MMLU-Pro" : name;
}

/** The heatmaps of loadings stand two in a row, so that they are drawn for one column alone. */
function isStage(name: string): boolean {
  return name.startsWith("fig_loadings_");
}

/** Every figure of the paper: its files' name, what it is drawn from, and what draws it. */
function paperFigures(read: PageArtifacts): {
  readonly name: string;
  readonly of: Pick<Results<Kind>, "lineage">;
  readonly make: (page: Page) => Figure;
}[] {
  const scree = read.parallel_analysis;
  const stages = [
    { stage: "raw", of: read.loadings, loadings: read.loadings.arrays.raw },
    { stage: "rotated", of: read.loadings, loadings: read.loadings.arrays.rotated },
    { stage: "projected", of: read.tasks, loadings: read.tasks.arrays.projected },
    { stage: "sparsified", of: read.tasks, loadings: read.tasks.arrays.sparsified },
  ] as const;
  const repeated = (["", "_synthetic"] as const).flatMap((suffix) => {
    const [map, validation] = [read[`map${suffix}`], read[`validation${suffix}`]];
    const [curves, closed] = [read[`repeated${suffix}`], read[`closedform${suffix}`]];
    return [
      {
        name: `fig_repeated_delta_vs_k${suffix}`,
        of: curves,
        make: (page: Page) => deltaVsKFigure(curves, page),
      },
      {
        name: `fig_repeated_validation${suffix}`,
        of: validation,
        make: (page: Page) => validationFigure(validation, page),
      },
      ...(["misalignment", "cost"] as const).map((of) => ({
        name: `fig_repeated_rho_k_colormap${of === "cost" ? "_total" : ""}${suffix}`,
        of: map,
        make: (page: Page) => rhoKColormapFigure({ results: map, of }, page),
      })),
      ...Array.from(closed.arrays.rho, (rho) => ({
        name: `fig_repeated_closedform_cumulative_rho_${rho}${suffix}`,
        of: closed,
        make: (page: Page) => closedFormFigure({ results: closed, rho }, page),
      })),
    ];
  });
  const shot = read.one_shot;
  return [
    {
      name: "fig_parallel_analysis",
      of: scree,
      make: (page) =>
        parallelAnalysisFigure({
          ...scree.arrays,
          nFactors: scree.arrays.n_factors,
          percentile: scree.facts.percentile,
          replications: scree.dims.R,
        }, page),
    },
    ...stages.map(({ stage, of, loadings }, n) => ({
      name: `fig_loadings_${n + 1}`,
      of,
      make: (page: Page) => loadingsFigure({ loadings, stage }, page),
    })),
    { name: "fig_oneshot_transparency", of: shot, make: (page) => transparencyFigure(shot, page) },
    { name: "fig_oneshot_erm_vs_transparency", of: shot, make: (page) => ermFigure(shot, page) },
    { name: "fig_oneshot_asymmetry", of: shot, make: (page) => asymmetryFigure(shot, page) },
    ...repeated,
  ];
}
