/**
 * The script of fit.html: hands a table to the worker that fits it, and shows what is found.
 *
 * @module
 */
import { encodeNpz } from "../../artifact/npz.ts";
import type { Figure } from "../../figure/figure.ts";
import { loadingsFigure } from "../../figure/loadings_figure.ts";
import { parallelAnalysisFigure } from "../../figure/parallel_analysis_figure.ts";
import { type Matrix, row } from "../../stats/matrix.ts";
import { finishSvg } from "../finish_svg.ts";
import { packPool } from "../pool_link.ts";
import type { DroppedFile } from "./dropped_files.ts";
import type { FitSettings, Steps } from "./fit_table.ts";
import type { FitAnswer, FitQuestion } from "./fit_worker.ts";

/** What the page brings along. */
export interface FitData {
  readonly settings: FitSettings;
  /** For how many factors the graph was exported. */
  readonly nFactors: number;
  /** Of the simulated responses. */
  readonly seed: string;
}

/** Items shown of each skill. */
const TOP = 6;
/** Larger files are not read, in bytes: the table has to fit in a tab's memory several times. */
const MAX_BYTES = 256 << 20;
const [NARROW, WIDE] = [3.3, 6.75];

/** Starts the page. */
export function startFit(document: Document): void {
  const $ = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
  const data = JSON.parse($("data").textContent!) as FitData;
  const url = URL.createObjectURL(
    new Blob([$("worker").textContent!], { type: "text/javascript" }),
  );
  let worker: Worker | undefined;
  let name = "";
  let raw: Matrix | undefined;
  let wasm: Promise<Uint8Array> | undefined;

  const say = (text: string): void => {
    $("status").textContent = text;
  };
  const complain = (text: string): void => {
    $("error").textContent = text;
  };
  const show = (id: string): void => {
    $(id).hidden = false;
  };
  const put = (id: string, { title, caption, svg }: Figure, label: string): void => {
    const canvas = $(id).querySelector(".canvas")!;
    canvas.setAttribute("aria-label", label);
    canvas.replaceChildren(finishSvg(svg, id));
    const bold = document.createElement("b");
    bold.textContent = `${title}.`;
    $(id).querySelector("figcaption")!.replaceChildren(bold, ` ${caption}`);
  };

  const FOUND: { readonly [N in keyof Steps]: (result: Steps[N]) => void } = {
    items({ nSubjects, nItems, nObservations, nDropped }): void {
      const missing = (100 * (1 - nObservations / (nSubjects * nItems))).toFixed(1);
      $("items").textContent =
        `${nSubjects} subjects and ${counted(nItems)} items are kept, ${missing} % of the ` +
        `cells missing; ${
          counted(nDropped)
        } items are left out, which too few subjects answered, or answered either way.`;
      show("result");
    },
    analysis(result): void {
      const { nFactors, warning } = result;
      $("d").textContent = String(nFactors);
      $("analysis-text").textContent = warning ?? "";
      const { percentile, nReplications: replications } = data.settings;
      const figure = { ...result, percentile, replications };
      put(
        "scree",
        parallelAnalysisFigure(figure, page(isNarrow() ? NARROW : WIDE)),
        `Parallel analysis: ${nFactors} skills`,
      );
      show("analysis");
    },
    fit({ raw: found, logLikelihoods, converged }): void {
      raw = found;
      $("fit-text").textContent = `The fit ${converged ? "converged" : "did not converge"} after ${
        logLikelihoods.length - 1
      } iterations, with a log-likelihood of ${counted(logLikelihoods.at(-1)!).replace("-", "−")}.`;
      stage("raw", found);
      show("loadings");
    },
    rotation({ itemIds, rotated, leverage, method }): void {
      $("fit-text").textContent += ` Rotated by ${method}.`;
      stage("rotated", rotated);
      showSkills(itemIds, rotated, leverage);
      const columns = [["raw", raw!], ["rotated", rotated]] as const;
      const head = columns.flatMap(([name, { cols }]) =>
        Array.from({ length: cols }, (_, j) => `${name}_${j + 1}`)
      );
      const lines = itemIds.map((id, i) =>
        [quoted(id), ...columns.flatMap(([, m]) => Array.from(row(m, i), String))].join()
      );
      offer("loadings-csv", `${["item_id", ...head].join()}\n${lines.join("\n")}\n`, "text/csv");
    },
    pool({ projected, sparsified, z }): void {
      stage("projected", projected);
      stage("sparsified", sparsified);
      $("pool-text").textContent = `${z.rows} tasks of ${z.cols} ${
        z.cols === 1 ? "skill" : "skills"
      }, drawn from ${counted(sparsified.rows)}.`;
      const shape = [z.rows, z.cols];
      offer("pool-npz", encodeNpz({ z: { shape, data: z.data } }), "application/zip");
      const packed = packPool(z);
      const link = $<HTMLAnchorElement>("play");
      link.hidden = packed === undefined;
      $("too-long").hidden = packed !== undefined;
      link.href = `index.html#pool=${encodeURIComponent(name)}&z=${packed}`;
      show("pool");
    },
  };

  function page(width: number): { readonly document: Document; readonly width: number } {
    return { document, width };
  }

  function stage(name: Parameters<typeof loadingsFigure>[0]["stage"], loadings: Matrix): void {
    const figure = loadingsFigure({ loadings, stage: name }, page(NARROW));
    put(`stage-${name}`, figure, figure.title);
    show(`stage-${name}`);
  }

  /** Of each factor the items that load most on it. */
  function showSkills(
    ids: readonly string[],
    { cols, data }: Matrix,
    leverage: Float64Array,
  ): void {
    const body = $("skills").querySelector("tbody")!;
    body.replaceChildren();
    for (let j = 0; j < cols; j++) {
      const top = ids.map((id, i) => ({ id, value: data[i * cols + j]! }))
        .sort((a, b) => b.value - a.value).slice(0, TOP);
      const cells = [
        String(j + 1),
        top.map(({ id, value }) => `${id} (${value.toFixed(2)})`).join(", "),
        leverage[j]!.toFixed(2),
      ];
      const line = body.insertRow();
      for (const text of cells) line.insertCell().textContent = text;
    }
    show("skills");
  }

  function offer(id: string, content: BlobPart, type: string): void {
    const link = $<HTMLAnchorElement>(id);
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([content], { type }));
  }

  async function fit(from: string, files: readonly DroppedFile[]): Promise<void> {
    stop();
    name = from;
    complain("");
    $("warnings").replaceChildren();
    for (const id of ["result", "analysis", "loadings", "skills", "pool"]) $(id).hidden = true;
    for (const stage of ["raw", "rotated", "projected", "sparsified"]) {
      $(`stage-${stage}`).hidden = true;
    }
    say("starting ONNX Runtime");
    $("cancel").hidden = false;
    const mine = worker = new Worker(url);
    mine.onmessage = ({ data: answer }: MessageEvent<FitAnswer>) => hear(answer);
    mine.onerror = ({ message }) =>
      end(message || "The worker stopped: the table may be too large.");
    const question: FitQuestion = {
      ...{ name, files, settings: data.settings, seed: data.seed },
      exported: { nFactors: data.nFactors, bytes: decoded($("graph").textContent!) },
      wasm: await (wasm ??= inflated($("wasm").textContent!)),
    };
    if (worker === mine) mine.postMessage(question);
  }

  function hear(answer: FitAnswer): void {
    if (answer.kind === "done") return end("");
    if (!("text" in answer)) {
      return (FOUND[answer.kind] as (result: unknown) => void)(answer.result);
    }
    if (answer.kind === "progress") return say(`${answer.text} …`);
    if (answer.kind === "error") return end(answer.text);
    const item = document.createElement("li");
    item.textContent = answer.text;
    $("warnings").append(item);
  }

  function end(error: string): void {
    stop();
    complain(error);
    say(error === "" ? `${name}: done.` : "");
    document.documentElement.dataset["ready"] = name;
  }

  function stop(): void {
    worker?.terminate();
    worker = undefined;
    $("cancel").hidden = true;
    say("");
  }

  async function take(files: readonly DroppedFile[]): Promise<void> {
    if (files.length === 0) return complain("There is no file in it.");
    const from = nameOf(files);
    if (files.reduce((sum, { blob }) => sum + blob.size, 0) > MAX_BYTES) {
      return complain(
        `${from}: more than ${MAX_BYTES >> 20} MB are too many for a browser. Use the command ` +
          "line: deno task reproduce --set responses.path=FILE_OR_FOLDER",
      );
    }
    try {
      await fit(from, files);
    } catch (error) {
      end(`Cannot read ${from}: ${error instanceof Error ? error.message : error}`);
    }
  }

  for (const id of ["file", "folder"]) {
    $<HTMLInputElement>(id).addEventListener("change", ({ target }) => {
      const files = [...(target as HTMLInputElement).files ?? []];
      if (files.length === 0) return;
      take(files.map((blob) => ({ path: `/${blob.webkitRelativePath || blob.name}`, blob })));
    });
  }
  $("simulated").addEventListener("click", () => fit("simulated responses", []));
  $("cancel").addEventListener("click", stop);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer?.items ?? []]
      .flatMap((item) => item.webkitGetAsEntry() ?? []);
    const files = [...event.dataTransfer?.files ?? []];
    take(
      entries.length > 0
        ? (await Promise.all(entries.map(filesIn))).flat()
        : files.map((blob) => ({ path: `/${blob.name}`, blob })),
    );
  });
}

/** The file's name, that of the folder that holds all files, or how many there are. */
function nameOf(files: readonly DroppedFile[]): string {
  const parts = files.map(({ path }) => path.split("/"));
  if (parts.length === 1) return parts[0]!.at(-1)!;
  const folder = parts[0]!.length > 2 && parts.every((part) => part[1] === parts[0]![1]);
  return folder ? parts[0]![1]! : `${files.length} files`;
}

/** The file that was dropped, or those in the folder that was dropped, at any depth. */
async function filesIn(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const blob = await new Promise<Blob>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject)
    );
    return [{ path: entry.fullPath, blob }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: DroppedFile[] = [];
  for (;;) {
    // A browser gives them a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}

/** Whether a figure of two columns could not be read: as in the page's style. */
function isNarrow(): boolean {
  return matchMedia("(max-width:38rem)").matches;
}

function counted(n: number): string {
  return n.toLocaleString("en");
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The bytes of a gzip in base64. */
async function inflated(base64: string): Promise<Uint8Array> {
  const packed = new Blob([decoded(base64)]).stream();
  const stream = packed.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
