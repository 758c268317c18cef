/**
 * The script of the page: binds its controls to the games, which workers play.
 *
 * @module
 */
import { type Matrix, matrix } from "../stats/matrix.ts";
import type { Band } from "../stats/band.ts";
import { placeCrosshair, pointedAt } from "./crosshair.ts";
import { COMPUTED_BY, DRAWN_BY, NEEDED_BY, NUMBER_NEEDS, type Work } from "./depends.ts";
import { draw, DRAWING_NAMES, type DrawingName } from "./draw.ts";
import type { Job, Played } from "./engine.ts";
import { type Handed, type Model, modelOf, type NumberShown } from "./model.ts";
import { startGraphs } from "./pan_zoom.ts";
import { Player, SUPERSEDED } from "./player.ts";
import { packPool, unpackPool } from "./pool_link.ts";
import { readDropped } from "./read_dropped.ts";
import { saveFigure } from "./save_figure.ts";
import {
  CONTROLS,
  fitting,
  fromHash,
  nearestStop,
  type NumberName,
  REPLICATES,
  type Settings,
  toHash,
  within,
} from "./settings.ts";

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
/** After so long without a move what is out of sight is drawn too, and after longer computed, in ms. */
const [REST_PAUSE, WORK_PAUSE] = [200, 800];
const PLAY = `Play ${REPLICATES} replicates`;

/** Starts the page. */
export function start(document: Document, workerCode: string): void {
  const $ = <E extends Element>(selector: string): E => document.querySelector<E>(selector)!;
  const data = JSON.parse($("#data").textContent!) as PageData;
  const pools = new Map(data.pools.map(({ name, rows, cols, z }) => [name, decode(z, rows, cols)]));
  const sizes = (): Map<string, number> =>
    new Map([...pools].map(([name, { rows }]) => [name, rows]));
  const url = URL.createObjectURL(new Blob([workerCode], { type: "text/javascript" }));
  const players = { paths: new Player(url), map: new Player(url), oneShot: new Player(url) };
  const dice = new Player(url);
  const canvases = new Map(
    DRAWING_NAMES.map((name) => [name, $<HTMLElement>(`[data-live="${name}"] .canvas`)]),
  );
  // Noted, since to ask makes the browser lay out the page, in the middle of a move.
  const narrow = new Set<DrawingName>();
  /** Which canvases have become narrow, or no longer are. */
  const noteWidths = (): readonly DrawingName[] =>
    [...canvases].filter(([name, { clientWidth }]) => {
      const was = narrow.has(name);
      if (clientWidth < NARROW) narrow.add(name);
      else narrow.delete(name);
      return narrow.has(name) !== was;
    }).map(([name]) => name);
  const outputs = Array.from(
    document.querySelectorAll<HTMLElement>("output[data-n]"),
    (element) => ({
      element,
      name: element.dataset["n"] as NumberShown,
      drawings: Array.from(element.closest("section")!.querySelectorAll("[data-live]"), nameOf),
    }),
  );

  let settings = data.defaults;
  const handed: { -readonly [N in Work]?: Handed[N] } = {};
  /** What has to be asked of a worker before it is looked at, and what has been asked. */
  const wanted = new Set<Work>(["paths", "oneShot", "map"]);
  const asked = new Map<Work, number>();
  /** What is not drawn as the settings are, and what a person sees. */
  const dirty = new Set<DrawingName>();
  const visible = new Set<DrawingName>();
  let model = {} as Model;
  let ghost: Float64Array | undefined;
  let band: Band | undefined;
  let isMoving = false;
  let isPlaying = false;
  let wish = 0;
  let frame = 0;
  let movedAt = 0;
  let hashTimer: ReturnType<typeof setTimeout> | undefined;
  let restTimer: ReturnType<typeof setTimeout> | undefined;

  const job = (): Job => ({
    z: pools.get(settings.pool)!,
    settings,
    played: data.played[settings.pool] ?? data.played[data.defaults.pool]!,
  });
  const fail = (error: unknown): void => {
    if (error !== SUPERSEDED) {
      $("#status").textContent = error instanceof Error ? error.message : String(error);
    }
  };

  /** Takes new settings: draws the figure of the control at once, then what is in view, then the rest. */
  function update(next: Settings, first?: DrawingName): void {
    const before = settings;
    settings = fitting(next, sizes());
    const changed = (Object.keys(settings) as (keyof Settings)[])
      .filter((name) => before[name] !== settings[name]);
    if (!isMoving) ghost = wanted.has("paths") ? undefined : model.curve;
    isMoving = true;
    movedAt = performance.now();
    if (ghost?.length !== settings.rounds) ghost = undefined;
    for (const name of changed) {
      for (const work of COMPUTED_BY[name]) {
        wanted.add(work);
        asked.delete(work);
      }
      for (const drawing of DRAWN_BY[name]) dirty.add(drawing);
    }
    if (changed.some((name) => DRAWN_BY[name].includes("delta"))) stopPlaying();
    model = modelOf(job(), handed as Handed);
    wish++;
    showControls();
    if (changed.includes("k") || changed.includes("rho")) moveCrosshair();
    $("#status").textContent = "";
    show(first);
  }

  /** Asks for and draws what is in view, one drawing first; the rest follows after a pause. */
  function show(first?: DrawingName): void {
    clearTimeout(restTimer);
    cancelAnimationFrame(frame);
    for (const name of visible) if (dirty.has(name)) ask(NEEDED_BY[name]);
    drawThose((name) => first === undefined ? visible.has(name) : name === first);
    if (first !== undefined) frame = requestAnimationFrame(() => show());
    restTimer = setTimeout(rest, REST_PAUSE);
  }

  /** What is out of sight: computed, then drawn one at a time, so that a move is never held up. */
  function rest(): void {
    const left = movedAt + WORK_PAUSE - performance.now();
    ask("paths");
    if (left <= 0) { for (const name of dirty) ask(NEEDED_BY[name]); }
    const next = [...dirty].find((name) => !wanted.has(NEEDED_BY[name]));
    drawThose((name) => name === next);
    if (next !== undefined) restTimer = setTimeout(rest);
    else if (left > 0 && dirty.size > 0) restTimer = setTimeout(rest, left);
    showNumbers(() => next === undefined);
  }

  function ask(work: Work): void {
    if (!wanted.has(work) || asked.has(work)) return;
    const mine = wish;
    asked.set(work, mine);
    const name = work === "map" ? "costMap" : work;
    players[work].ask(name, job()).then((found) => {
      if (asked.get(work) !== mine) return;
      Object.assign(handed, { [work]: found });
      wanted.delete(work);
      asked.delete(work);
      model = modelOf(job(), handed as Handed);
      show();
    }, fail);
  }

  function drawThose(isChosen: (name: DrawingName) => boolean): void {
    for (const name of dirty) {
      if (isChosen(name) && !wanted.has(NEEDED_BY[name])) drawOne(name);
    }
    for (const [name, canvas] of canvases) {
      canvas.parentElement!.classList.toggle("stale", dirty.has(name));
    }
    showNumbers((drawings) => drawings.length === 0 || drawings.some(isChosen));
    document.documentElement.dataset["ready"] = String(wish);
  }

  function drawOne(name: DrawingName): void {
    dirty.delete(name);
    const canvas = canvases.get(name)!;
    const width = narrow.has(name) ? ONE_COLUMN : TWO_COLUMNS;
    const extras = { ghost, band, round: Number($<HTMLInputElement>("#round").value) };
    const svg = draw(name, model, extras, { document, width });
    place(canvas, svg);
    if (name === "map") moveCrosshair();
  }

  function showNumbers(isChosen: (drawings: readonly DrawingName[]) => boolean): void {
    for (const { element, name, drawings } of outputs) {
      const need = NUMBER_NEEDS[name];
      if (!isChosen(drawings) || need !== undefined && wanted.has(need)) continue;
      const text = model.numbers[name];
      if (element.textContent !== text) element.textContent = text;
    }
  }

  function moveCrosshair(): void {
    placeCrosshair(canvases.get("map")!.firstElementChild!, settings.rho, settings.k);
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
    $<HTMLButtonElement>("#reset").disabled = toHash(settings, data.defaults) === "";
    clearTimeout(hashTimer);
    hashTimer = setTimeout(showAddress, HASH_PAUSE);
  }

  /** A pool of one's own goes along in the link. */
  function showAddress(): void {
    const hash = toHash(settings, data.defaults);
    const isOwn = !data.pools.some(({ name }) => name === settings.pool);
    const z = isOwn ? packPool(pools.get(settings.pool)!) : undefined;
    if (location.hash.includes("=") || hash !== "") {
      history.replaceState(null, "", hash === "" ? location.pathname : hash + (z ? `&z=${z}` : ""));
    }
  }

  /** Takes the settings of the address, with the pool that it brings along. */
  function visit(): void {
    const given = new URLSearchParams(location.hash.slice(1));
    const packed = given.get("z");
    let broken: unknown;
    try {
      if (packed !== null) addPool(given.get("pool") ?? "your pool", unpackPool(packed));
    } catch (error) {
      broken = error;
    }
    jump(fromHash(location.hash, data.defaults, sizes()));
    if (broken !== undefined) fail(broken);
  }

  function addPool(name: string, z: Matrix): void {
    pools.set(name, z);
    const select = $<HTMLSelectElement>("select[data-s=pool]");
    if (![...select.options].some(({ value }) => value === name)) {
      select.add(new Option(name, name));
    }
  }

  function stopPlaying(): void {
    if (isPlaying) dice.cancel();
    isPlaying = false;
    band = undefined;
    $("#played").textContent = "";
    $("#play").textContent = PLAY;
  }

  /** A change that is no move: the curve before it stays as the ghost. */
  function jump(next: Settings): void {
    isMoving = false;
    update(next);
    isMoving = false;
  }

  document.addEventListener("input", ({ target }) => {
    const input = target as HTMLInputElement;
    const control = CONTROLS[input.dataset?.["s"] as NumberName];
    const figure = input.closest("[data-live]");
    const first = figure === null ? undefined : nameOf(figure);
    if (first !== undefined) visible.add(first);
    if (input.id === "round") {
      $("#round-value").textContent = input.value;
      dirty.add("learning");
      show(first);
    }
    if (control === undefined) return;
    if (control.name === "forgetting" && input.type === "number" && input.value === "") {
      update({ ...settings, forgetting: null }, first);
      return;
    }
    const value = input.type === "range"
      ? control.stops[Number(input.value)]
      : within(control, input.value);
    if (input.type === "number") input.setAttribute("aria-invalid", String(value === undefined));
    if (value !== undefined) update({ ...settings, [control.name]: value }, first);
  });
  document.addEventListener("change", ({ target }) => {
    const element = target as HTMLSelectElement & HTMLInputElement;
    isMoving = false;
    if (element.tagName === "SELECT" && element.dataset["s"] !== undefined) {
      jump({ ...settings, [element.dataset["s"]]: element.value });
    }
    if (element.id === "file" && element.files?.[0]) take(element.files[0]);
  });
  document.addEventListener("click", ({ target }) => {
    const { save, name } = (target as HTMLElement).dataset ?? {};
    if (save === undefined) return;
    saveFigure((target as Element).closest("figure")!, name!, save).catch(fail);
  });
  document.addEventListener("focusout", () => showControls());
  $("#reset").addEventListener("click", () => jump(data.defaults));
  canvases.get("map")!.addEventListener("click", (event) => {
    const svg = (event.target as Element).closest("svg");
    const at = svg && pointedAt(svg, event as MouseEvent);
    if (!at) return;
    const { min, max } = CONTROLS.rho;
    jump({
      ...settings,
      rho: Math.min(max, Math.max(min, Number(at.rho.toPrecision(2)))),
      k: Math.min(pools.get(settings.pool)!.rows, Math.max(1, Math.round(at.k))),
    });
  });
  $("#play").addEventListener("click", () => {
    if (isPlaying) return stopPlaying();
    isPlaying = true;
    $("#play").textContent = "Stop";
    $("#played").textContent = "playing …";
    const progress = (share: number): void => {
      $("#played").textContent = `${Math.round(100 * share)}\u00a0%`;
    };
    dice.ask("monteCarlo", job(), progress).then((found) => {
      isPlaying = false;
      band = found as Band;
      $("#play").textContent = PLAY;
      const peak = Math.max(...band.mean);
      $("#played").textContent = `The mean of ${REPLICATES} replicates peaks at ${
        peak.toFixed(4)
      }.`;
      dirty.add("delta");
      show();
    }, fail);
  });

  async function take(file: File): Promise<void> {
    const said = $("#dropped");
    try {
      const z = readDropped(new Uint8Array(await file.arrayBuffer()), file.name);
      addPool(file.name, z);
      said.textContent = `Playing on ${file.name}: ${z.rows} tasks of ${z.cols} skills.`;
      // The pool of that name may have been another one.
      settings = { ...settings, pool: "" };
      jump({ ...settings, pool: file.name });
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
    if (location.hash.includes("=")) visit();
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    width = innerWidth;
    for (const name of noteWidths()) dirty.add(name);
    show();
  });
  addEventListener("beforeprint", () => drawThose(() => true));
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) visible.add(nameOf(target));
      else visible.delete(nameOf(target));
    }
    show();
  });
  noteWidths();
  for (const [name, canvas] of canvases) {
    // Of the drawings for two widths that the page comes with, one is shown.
    place(canvas, canvas.querySelector(`${narrow.has(name) ? ".narrow" : ".wide"} svg`)!);
    observer.observe(canvas.parentElement!);
  }
  startGraphs(document);
  visit();
}

/** Puts a drawing into its canvas, whose size is known, so that no more than it is laid out again. */
function place(canvas: HTMLElement, svg: Element): void {
  const { width, height } = (svg as SVGSVGElement).viewBox.baseVal;
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.style.contain = "size layout style";
  canvas.replaceChildren(svg);
}

function nameOf(figure: Element): DrawingName {
  return (figure as HTMLElement).dataset["live"] as DrawingName;
}

function decode(base64: string, rows: number, cols: number): Matrix {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return matrix(rows, cols, new Float64Array(bytes.buffer));
}
