/**
 * The script of the page: binds its controls to the games, which workers play.
 *
 * @module
 */
import { type Matrix, matrix } from "../stats/matrix.ts";
import type { Band } from "../stats/band.ts";
import { draw, DRAWINGS, type Extras } from "./draw.ts";
import type { CostMap, Job, OneShot, Paths, Played } from "./engine.ts";
import { type Model, modelOf } from "./model.ts";
import { readDropped } from "./read_dropped.ts";
import {
  CONTROLS,
  fitting,
  fromHash,
  nearestStop,
  type NumberName,
  type Settings,
  toHash,
  within,
} from "./settings.ts";
import type { Answer, Question } from "./worker.ts";

/** What the page brings along. */
export interface PageData {
  readonly defaults: Settings;
  readonly played: Readonly<Record<string, Played>>;
  readonly pools: readonly {
    readonly name: string;
    readonly rows: number;
    readonly cols: number;
    /** The entries of z as little-endian float64, base64. */
    readonly z: string;
  }[];
}

/** A figure on a narrower canvas is drawn for one column: in pixels. */
const NARROW = 560;
const [ONE_COLUMN, TWO_COLUMNS] = [3.3, 6.75];
/** The address is not changed more often, in ms: browsers limit it. */
const HASH_PAUSE = 250;

/** Starts the page. */
export function start(document: Document, workerCode: string): void {
  const $ = <E extends Element>(selector: string): E => document.querySelector<E>(selector)!;
  const data = JSON.parse($("#data").textContent!) as PageData;
  const pools = new Map(data.pools.map(({ name, rows, cols, z }) => [name, decode(z, rows, cols)]));
  const sizes = (): Map<string, number> =>
    new Map([...pools].map(([name, { rows }]) => [name, rows]));
  const url = URL.createObjectURL(new Blob([workerCode], { type: "text/javascript" }));
  const [quick, slow, drawn] = [new Player(url), new Player(url), new Player(url)];

  let settings = fromHash(location.hash, data.defaults, sizes());
  let model: Model | undefined;
  let map: CostMap | undefined;
  let ghost: Float64Array | undefined;
  let band: Band | undefined;
  let isMoving = false;
  let wish = 0;
  let hashTimer: ReturnType<typeof setTimeout> | undefined;

  const job = (): Job => ({
    z: pools.get(settings.pool)!,
    settings,
    played: data.played[settings.pool] ?? data.played[data.defaults.pool]!,
  });
  const status = (text: string): void => {
    $("#status").textContent = text;
  };
  const fail = (error: unknown): void =>
    status(error instanceof Error ? error.message : String(error));
  const stale = (names: readonly string[], isStale: boolean): void => {
    for (const name of names) $(`[data-live="${name}"]`).classList.toggle("stale", isStale);
  };

  function render(): void {
    if (model === undefined) return;
    const extras: Extras = { ghost, band, round: Number($<HTMLInputElement>("#round").value) };
    for (const name of Object.keys(DRAWINGS)) renderOne(name, model, extras);
    for (const output of document.querySelectorAll<HTMLElement>("output[data-n]")) {
      const text = model.numbers[output.dataset["n"] as keyof Model["numbers"]];
      if (output.textContent !== text) output.textContent = text;
    }
    document.documentElement.dataset["ready"] = String(wish);
  }

  function renderOne(name: string, model: Model, extras: Extras): void {
    const canvas = $<HTMLElement>(`[data-live="${name}"] .canvas`);
    const width = canvas.clientWidth < NARROW ? ONE_COLUMN : TWO_COLUMNS;
    const svg = draw(name, model, extras, { document, width });
    if (svg !== undefined) canvas.replaceChildren(svg);
  }

  /** Asks for what the settings need, and draws when it has come; what is asked meanwhile wins. */
  async function update(next: Settings, isStart = false): Promise<void> {
    const before = settings;
    settings = fitting(next, sizes());
    const mine = ++wish;
    const has = (...names: (keyof Settings)[]): boolean =>
      isStart || names.some((name) => before[name] !== settings[name]);
    if (!isStart && !isMoving) ghost = model?.curve;
    isMoving = true;
    if (model && ghost?.length !== settings.rounds) ghost = undefined;
    if (has("pool", "bias", "k", "rounds", "forgetting", "rho", "correction", "bandwidth")) {
      stopPlaying();
    }
    showControls();
    const needsPaths = has("pool", "bias", "rounds", "rho", "correction", "bandwidth");
    const needsOneShot = has("pool", "bias", "published", "awareness", "draw");
    const needsMap = needsPaths && has("pool", "bias", "rounds", "correction", "bandwidth") ||
      has("gamma", "forgetting");
    if (needsMap) {
      stale(["map"], true);
      map = undefined;
      slow.ask("costMap", job()).then((found) => {
        map = found as CostMap;
        stale(["map"], false);
        if (model) model = { ...model, map };
        if (mine === wish) render();
      }, ignore);
    }
    stale(["delta", "learning", "bound", "cost"], needsPaths);
    stale(["oneShot"], needsOneShot);
    try {
      const paths = needsPaths || !model ? await quick.ask("paths", job()) as Paths : model.paths;
      const shot = needsOneShot || !model
        ? await drawn.ask("oneShot", job()) as OneShot
        : model.oneShot;
      if (mine !== wish) return;
      model = modelOf(job(), { paths, oneShot: shot, map: map ?? model?.map });
      status("");
      stale(["delta", "learning", "bound", "cost", "oneShot"], false);
      render();
    } catch (error) {
      if (error !== SUPERSEDED) fail(error);
    }
  }

  function showControls(): void {
    for (const input of document.querySelectorAll<HTMLInputElement>("input[data-s]")) {
      const control = CONTROLS[input.dataset["s"] as NumberName];
      const value = settings[control.name];
      const shown = value ?? settings.rho;
      if (input.type === "range") {
        input.value = String(nearestStop(control, shown));
        input.setAttribute("aria-valuetext", value === null ? `${shown}, as ρ` : String(shown));
      } else if (document.activeElement !== input) {
        input.value = value === null ? "" : String(value);
      }
    }
    for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-s]")) {
      select.value = String(settings[select.dataset["s"] as "pool" | "correction"]);
    }
    const round = $<HTMLInputElement>("#round");
    round.max = String(settings.rounds - 1);
    $("#round-value").textContent = round.value;
    const hash = toHash(settings, data.defaults);
    $<HTMLButtonElement>("#reset").disabled = hash === "";
    clearTimeout(hashTimer);
    hashTimer = setTimeout(() => {
      if (location.hash.includes("=") || hash !== "") {
        history.replaceState(null, "", hash || location.pathname);
      }
    }, HASH_PAUSE);
  }

  function stopPlaying(): void {
    if (drawn.isPlaying) drawn.cancel();
    band = undefined;
    $("#played").textContent = "";
    $("#play").textContent = "Play 200 replicates";
  }

  document.addEventListener("input", ({ target }) => {
    const input = target as HTMLInputElement;
    const control = CONTROLS[input.dataset?.["s"] as NumberName];
    if (input.id === "round") {
      $("#round-value").textContent = input.value;
      if (model) renderOne("learning", model, { ghost, band, round: Number(input.value) });
    }
    if (control === undefined) return;
    if (control.name === "forgetting" && input.type === "number" && input.value === "") {
      update({ ...settings, forgetting: null });
      return;
    }
    const value = input.type === "range"
      ? control.stops[Number(input.value)]
      : within(control, input.value);
    if (input.type === "number") input.setAttribute("aria-invalid", String(value === undefined));
    if (value !== undefined) update({ ...settings, [control.name]: value });
  });
  document.addEventListener("change", ({ target }) => {
    const element = target as HTMLSelectElement & HTMLInputElement;
    isMoving = false;
    if (element.tagName === "SELECT" && element.dataset["s"] !== undefined) {
      update({ ...settings, [element.dataset["s"]]: element.value });
      isMoving = false;
    }
    if (element.id === "file" && element.files?.[0]) take(element.files[0]);
  });
  document.addEventListener("focusout", () => showControls());
  $("#reset").addEventListener("click", () => {
    isMoving = false;
    update(data.defaults);
    isMoving = false;
  });
  $(`[data-live="map"] .canvas`).addEventListener("click", (event) => {
    const svg = (event.target as Element).closest("svg");
    if (svg === null) return;
    const frame = JSON.parse(svg.dataset["frame"] ?? "null") as Frame | null;
    if (frame === null) return;
    const box = svg.getBoundingClientRect();
    const { clientX, clientY } = event as MouseEvent;
    const scale = svg.viewBox.baseVal.width / box.width;
    const [rho, k] = [
      invert(frame.x, frame.domain, (clientX - box.left) * scale),
      invert([frame.y[1], frame.y[0]], frame.kDomain, (clientY - box.top) * scale),
    ];
    const { min, max } = CONTROLS.rho;
    const N = pools.get(settings.pool)!.rows;
    isMoving = false;
    update({
      ...settings,
      rho: Math.min(max, Math.max(min, Number(rho.toPrecision(2)))),
      k: Math.min(N, Math.max(1, Math.round(k))),
    });
    isMoving = false;
  });
  $("#play").addEventListener("click", () => {
    if (drawn.isPlaying) {
      stopPlaying();
      return;
    }
    $("#play").textContent = "Stop";
    $("#played").textContent = "playing …";
    const progress = (share: number): void => {
      $("#played").textContent = `${Math.round(100 * share)} %`;
    };
    drawn.ask("monteCarlo", job(), progress).then((found) => {
      band = found as Band;
      $("#play").textContent = "Play 200 replicates";
      const peak = Math.max(...band.mean);
      $("#played").textContent = `The mean of 200 replicates peaks at ${peak.toFixed(4)}.`;
      render();
    }, ignore);
  });

  async function take(file: File): Promise<void> {
    const said = $("#dropped");
    try {
      const z = readDropped(new Uint8Array(await file.arrayBuffer()), file.name);
      const name = `${file.name}`;
      pools.set(name, z);
      const select = $<HTMLSelectElement>("select[data-s=pool]");
      if (![...select.options].some(({ value }) => value === name)) {
        select.add(new Option(name, name));
      }
      said.textContent = `Playing on ${file.name}: ${z.rows} tasks of ${z.cols} skills.`;
      isMoving = false;
      await update({ ...settings, pool: name });
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : String(error);
    }
  }
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
  addEventListener("hashchange", () => {
    const named = document.getElementById(location.hash.slice(1));
    if (named?.tagName === "DETAILS") (named as HTMLDetailsElement).open = true;
    if (location.hash.includes("=")) update(fromHash(location.hash, data.defaults, sizes()));
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width !== innerWidth) render();
    width = innerWidth;
  });
  update(settings, true);
  isMoving = false;
}

interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly domain: readonly [number, number];
  readonly kDomain: readonly [number, number];
}

/** The value at a place of a logarithmic axis. */
function invert(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  place: number,
): number {
  const share = Math.min(1, Math.max(0, (place - from) / (to - from)));
  return low * (high / low) ** share;
}

/** What a question ends with when a later one of its kind has been asked. */
const SUPERSEDED = new Error("superseded");

function ignore(error: unknown): void {
  if (error !== SUPERSEDED) throw error;
}

/** A worker that answers the last question asked; those before it are dropped. */
class Player {
  readonly #url: string;
  #worker: Worker;
  #id = 0;
  #isBusy = false;
  #next: (() => void) | undefined;
  #drop: (() => void) | undefined;
  isPlaying = false;

  constructor(url: string) {
    this.#url = url;
    this.#worker = new Worker(url);
  }

  ask(
    name: Question["name"],
    job: Job,
    progress: (share: number) => void = () => {},
  ): Promise<unknown> {
    if (this.isPlaying) this.cancel();
    this.#drop?.();
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#drop = () => reject(SUPERSEDED);
      const send = (): void => {
        this.#isBusy = true;
        this.isPlaying = name === "monteCarlo";
        this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
          if ("progress" in data) return progress(data.progress);
          this.#isBusy = this.isPlaying = false;
          const next = this.#next;
          this.#next = undefined;
          if (id === this.#id) {
            if ("error" in data) reject(new Error(data.error));
            else resolve(data.result);
          }
          next?.();
        };
        this.#worker.postMessage({ id, name, job } satisfies Question);
      };
      if (this.#isBusy) this.#next = send;
      else send();
    });
  }

  /** Ends what is played. */
  cancel(): void {
    this.#worker.terminate();
    this.#drop?.();
    this.#worker = new Worker(this.#url);
    this.#isBusy = this.isPlaying = false;
    this.#next = undefined;
  }
}

function decode(base64: string, rows: number, cols: number): Matrix {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return matrix(rows, cols, new Float64Array(bytes.buffer));
}
