import assert from "node:assert/strict";
import { claimsByTable } from "../../lib/claims/claims_by_table.ts";
import { encodeNpz } from "../../lib/artifact/npz.ts";
import { type MadeArticle, makeArticle, type PageArtifacts } from "../../lib/page/make_article.ts";
import { correlationMetric } from "../../lib/estimation/correlation_metric.ts";
import { fimlGraph } from "../../lib/estimation/fiml/fiml_graph.ts";
import { fitFiml } from "../../lib/estimation/fiml/fit_fiml.ts";
import { parallelAnalysis } from "../../lib/estimation/parallel_analysis.ts";
import { rotate } from "../../lib/estimation/rotation/rotate.ts";
import { encodeModel } from "../../lib/onnx/encode_model.ts";
import type { FitSettings } from "../../lib/page/fit/fit_table.ts";
import { makeFitPage } from "../../lib/page/fit/make_fit_page.ts";
import { pageHtml } from "../../lib/page/page_html.ts";
import { modelOf } from "../../lib/page/model.ts";
import { runHtml, type TargetRun } from "../../lib/page/run_html.ts";
import type { Graph } from "../../lib/runner/cli/graph_of.ts";
import { pageCode } from "../../lib/page/page_code.ts";
import { pagePackages } from "../../lib/page/page_packages.ts";
import { filterItems } from "../../lib/responses/filter_items.ts";
import { indexResponses } from "../../lib/responses/index_responses.ts";
import { readCsv } from "../../lib/responses/read_csv.ts";
import type { Responses } from "../../lib/responses/responses.ts";
import { normal } from "../../lib/stats/random/normal.ts";
import { stream } from "../../lib/stats/random/stream.ts";
import { costMap, type Job, monteCarlo, oneShot, paths } from "../../lib/page/engine.ts";
import type { Settings } from "../../lib/page/settings.ts";
import { type Matrix, matrix } from "../../lib/stats/matrix.ts";
import { allowed } from "../support.ts";
import {
  gz,
  inspectArchive,
  inspectJson,
  inspectLog,
  lines,
  lmEvalLine,
  lmEvalResults,
  readFiles,
  writeFiles,
} from "../responses/evals_fixtures.ts";
import { pageArtifacts } from "./page_artifacts.ts";
import type { Browser, BrowserContext, Page } from "playwright-core";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
const ignore = !allowed("read", "write", "run", "env", "net", "sys", "ffi") ||
  CHROMIUM === undefined;

/** Sample sizes on the map, and N_0 = N. */
const CHOICES = { nKs: 24, priorMass: null };

const SETTINGS: Settings = {
  pool: "pool",
  published: 5,
  draw: 0,
  awareness: 0.05,
  bias: 0.4,
  k: 10,
  rounds: 24,
  forgetting: null,
  rho: 0.1,
  correction: "gap_gaussian",
  bandwidth: 0.1,
  gamma: 0.05,
};

/** A page in a browser, with all that it complained about or asked for. */
class Opened implements AsyncDisposable {
  readonly complaints: string[] = [];
  constructor(readonly context: BrowserContext, readonly page: Page, readonly address: string) {
    page.on("console", (message) => {
      if (message.type() !== "log") this.complaints.push(message.text());
    });
    page.on("pageerror", ({ message }) => this.complaints.push(message));
    page.on("request", (request) => {
      const url = request.url().split("#")[0]!;
      if (url !== address && !/^(blob|data):/.test(url)) this.complaints.push(url);
    });
  }
  async open(hash = ""): Promise<void> {
    await this.page.goto("about:blank");
    await this.page.goto(this.address + hash);
    if (this.address.endsWith("index.html")) await this.settled();
  }
  /** Waits until nothing is greyed. */
  async settled(): Promise<void> {
    await this.page.waitForSelector("html[data-ready]");
    await this.page.waitForFunction(() => document.querySelector(".stale") === null);
  }
  number(name: string): Promise<string | null> {
    return this.page.textContent(`output[data-n=${name}]`);
  }
  drawing(name: string): Promise<string> {
    return this.page.innerHTML(`[data-live=${name}] .canvas`);
  }
  async type(name: string, value: string): Promise<void> {
    await this.page.locator(`input[type=number][data-s=${name}]`).first().fill(value);
    await this.page.keyboard.press("Tab");
    await this.settled();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
  /** Sets a file input, and waits for what is said of the file. */
  async give(
    input: string,
    said: string,
    name: string,
    bytes: Uint8Array | string,
    what = name,
  ): Promise<string> {
    const { Buffer } = await import("node:buffer");
    await this.page.setInputFiles(input, {
      name,
      mimeType: "",
      buffer: Buffer.from(bytes as string) as never,
    });
    await this.page.waitForFunction(
      ([said, what]) =>
        document.querySelector(said)!.textContent!.includes(what) ||
        document.querySelector("#error")?.textContent,
      [said, what] as const,
      { timeout: 120_000 },
    );
    return (await this.page.textContent(said))!;
  }
  async saved(click: string): Promise<Uint8Array> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.click(click),
    ]);
    return await Deno.readFile(await download.path());
  }
  /** What axe-core finds, and by how much the content is wider than the page. */
  async violations(): Promise<string[]> {
    const { source } = (await import("axe-core")).default;
    await this.page.evaluate(source);
    return await this.page.evaluate(async () => {
      // deno-lint-ignore no-explicit-any -- axe is a global of the page.
      const { violations } = await (globalThis as any).axe.run();
      const overflow = document.documentElement.scrollWidth - innerWidth;
      return [
        ...violations.map((v: { id: string; nodes: { html: string }[] }) =>
          `${v.id}: ${v.nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`
        ),
        ...(overflow > 0 ? [`${overflow} px wider than the page`] : []),
      ] as string[];
    });
  }
}

const CLAIMS = [{
  figure: "fig_repeated_delta_vs_k",
  statement: "s",
  ...{ source: "model", expected: true, atEdge: false },
  ...{ label: "l", measure: "n", value: 1, shown: "1" },
  measured: "m",
  holds: true,
}];

const FIT: FitSettings = {
  minOverlap: 0.5,
  ...{ minSubjects: 3, minMinority: 3, nReplications: 10, percentile: 95, nFactors: "auto" },
  ...{ precision: "float64", depth: 4, maxEpochs: 500, tolerance: 1e-9, psiFloor: 0.2 },
  ...{ method: "quartimin", nStarts: 4, tau: 0.1, nPool: 60 },
  seeds: { parallelAnalysis: "a", rotation: "b", pool: "c" },
};

const GRAPH: Graph = {
  nodes: ["table.csv", "cache/a.npz"].map((name, n) => ({
    name,
    state: n === 0 ? "file" : "fresh",
    description: `d${n}`,
  })),
  edges: [{ from: "table.csv", to: "cache/a.npz", inputs: ["table"] }],
};

const RUN: TargetRun = {
  ...{ target: "cache/a.npz", task: "tasks/a.ts", key: "k".repeat(64), reason: "never built" },
  ...{ inputs: { table: "i".repeat(64) }, params: { tau: 0.1 }, log: ["a line"], seconds: 1.5 },
  outputs: [{ path: "cache/a.npz", digest: "o".repeat(64), size: 3 }],
  when: "2026-01-01T00:00:01.500Z",
};

const BY_TABLE = claimsByTable(["alpha", "beta"].map((name, n) => ({
  table: {
    ...{ name, simulated: n === 0, error: null },
    ...{ n_subjects: 1, n_items: 1, n_skills: 1, n_pool: 1 },
  },
  claims: CLAIMS.map((claim) => ({ ...claim, holds: n === 0 })),
})));

interface Made {
  readonly read: PageArtifacts;
  readonly article: MadeArticle;
  /** Where both pages are. */
  readonly folder: string;
}

let made: Promise<Made> | undefined;
const small = (): Promise<Made> => made ??= makeBoth();

async function makeBoth(): Promise<Made> {
  const [read, code] = await Promise.all([pageArtifacts(), pagePackages().then(pageCode)]);
  const article = await makeArticle(read, CLAIMS, SETTINGS, CHOICES, { deno: "2" });
  const bytes = await graphOf(2);
  const fit = makeFitPage(
    { settings: FIT, nFactors: 2, seed: "0" },
    { bytes, digest: "0".repeat(64) },
    code,
  );
  const folder = await Deno.makeTempDir({ prefix: "page-" });
  await Deno.writeTextFile(`${folder}/index.html`, pageHtml(article, code));
  await Deno.writeTextFile(`${folder}/fit.html`, fit);
  await Deno.writeTextFile(
    `${folder}/run.html`,
    runHtml(GRAPH, [RUN], code.graphs, undefined, BY_TABLE),
  );
  return { read, article, folder };
}

async function graphOf(nFactors: number): Promise<Uint8Array> {
  return await encodeModel(fimlGraph({ nFactors, precision: "float64", depth: FIT.depth }), {});
}

let started: Promise<Browser> | undefined;

async function opened(
  options: Record<string, unknown> = {},
  file: "index.html" | "fit.html" | "run.html" = "index.html",
): Promise<Opened> {
  const { folder } = await small();
  const { chromium } = await import("playwright-core");
  const browser = await (started ??= chromium.launch({
    executablePath: CHROMIUM!,
    args: ["--no-sandbox"],
  }));
  const context = await browser.newContext({
    viewport: { width: 1100, height: 900 },
    bypassCSP: options["colorScheme"] !== undefined,
    ...options,
  });
  const result = new Opened(context, await context.newPage(), `file://${folder}/${file}`);
  await result.open();
  return result;
}

Deno.test.afterAll(async () => {
  await (await started)?.close();
  if (made) await Deno.remove((await made).folder, { recursive: true });
});

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore, sanitizeOps: false, sanitizeResources: false, fn });
}

async function jobOf(change: Partial<Settings> = {}): Promise<Job> {
  const { read } = await small();
  return {
    z: read.pool.arrays.z,
    settings: { ...SETTINGS, ...change },
    played: {
      oneShotSeed: read.one_shot.facts.seed,
      repeatedSeed: read.repeated.facts.seed,
      draws: read.one_shot.facts.n_draws,
      rhos: Array.from(read.map.arrays.rho),
      ks: Array.from(read.repeated.arrays.k),
      costPoints: read.closedform.arrays.k_mean_field.length,
      ...CHOICES,
    },
  };
}

async function numbersOf(change: Partial<Settings> = {}): Promise<Record<string, string>> {
  const job = await jobOf(change);
  return modelOf(job, { paths: await paths(job), oneShot: oneShot(job), map: await costMap(job) })
    .numbers;
}

test("the page has every figure, and asks for nothing but itself", async () => {
  await using page = await opened();
  const names = await page.page.$$eval("figure.paper", (all) => all.map(({ id }) => id));
  // The small game has closed forms for one ρ, not two.
  assert.equal(new Set(names).size, 18);
  const drawn = await page.page.$$eval("figure.paper svg", (all) => all.length);
  assert.ok(drawn >= 2 * 14 + 4);
  assert.deepEqual(page.complaints, []);
});

test("each control changes the numbers and figures that depend on it", async () => {
  await using page = await opened();
  const moves = [
    ["k", "3", "peak", "delta"],
    ["rho", "0.3", "peak", "bound"],
    ["rounds", "12", "end", "delta"],
    ["gamma", "0.4", "here", "cost"],
    ["bandwidth", "0.3", "peak", "map"],
    ["forgetting", "0.6", "phi", "learning"],
    ["awareness", "0.5", "erm", "oneShot"],
    ["published", "20", "utility", "oneShot"],
    ["draw", "2", "score", "oneShot"],
    ["bias", "0.8", "score", "oneShot"],
  ] as const;
  let change: Partial<Settings> = {};
  for (const [control, value, number, figure] of moves) {
    const before = [await page.number(number), await page.drawing(figure)];
    await page.type(control, value);
    const after = [await page.number(number), await page.drawing(figure)];
    assert.notEqual(after[0], before[0], `${control} moves ${number}`);
    assert.notEqual(after[1], before[1], `${control} moves ${figure}`);
    change = { ...change, [control]: Number(value) };
    const expected = await numbersOf(change);
    assert.equal(after[0], expected[number], control);
  }
  await page.page.click("#reset");
  await page.settled();
  const expected = await numbersOf();
  for (const [name, text] of Object.entries(expected)) assert.equal(await page.number(name), text);
  assert.deepEqual(page.complaints, []);
});

test("a worker of the page gives lib/game's numbers bit for bit", async () => {
  await using page = await opened();
  for (const change of [{}, { correction: "uniform" as const, k: 4, rho: 0.02, rounds: 60 }]) {
    const job = await jobOf(change);
    for (const name of ["paths", "costMap", "oneShot", "monteCarlo"] as const) {
      const found = await page.page.evaluate(([name, job]) => {
        const code = document.getElementById("worker")!.textContent!;
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        const { rows, cols, data } = job.z;
        const z = { rows, cols, data: Float64Array.from(Object.values(data)) };
        return new Promise<unknown>((resolve) => {
          worker.onmessage = ({ data }) => "progress" in data || resolve(data.result);
          worker.postMessage({ id: 1, name, job: { ...job, z } });
        });
      }, [name, job] as const);
      const expected = name === "monteCarlo"
        ? await monteCarlo({ ...job, replicates: 200 })
        : await { paths, costMap, oneShot }[name](job);
      assert.equal(JSON.stringify(found), JSON.stringify(expected), name);
    }
  }
});

test("a link restores the state, and the address holds what was changed", async () => {
  await using page = await opened();
  await page.open(
    "#k=3&rho=0.2&forgetting=0.5&correction=uniform&pool=pool_synthetic&gamma=nonsense",
  );
  assert.equal(await page.number("k"), "3");
  assert.equal(await page.number("rho"), "0.2");
  assert.equal(await page.number("phi"), "0.5");
  assert.equal(await page.page.inputValue("select[data-s=correction]"), "uniform");
  assert.equal(await page.page.inputValue("select[data-s=pool]"), "pool_synthetic");
  assert.equal(await page.number("gamma"), "0.05");
  await page.type("k", "7");
  await page.page.waitForFunction(() => location.hash.includes("k=7"));
  await page.page.click("#reset");
  await page.page.waitForFunction(() => location.hash === "");
  assert.deepEqual(page.complaints, []);
});

test("a dropped pool is played on and goes along in the link, and a broken file gives words", async () => {
  await using page = await opened();
  const before = await page.number("peak");
  const drop = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    const said = await page.give("#file", "#dropped", name, bytes);
    await page.settled();
    return said;
  };
  assert.match(await drop("broken.npz", "PK broken"), /Cannot read broken\.npz/);
  assert.match(await drop("words.csv", "1,0\n0,x\n"), /line 2 has something that is not/);
  assert.match(await drop("long.csv", "3,0\n0,1\n"), /row 1 of z has norm 3/);
  assert.equal(await page.number("peak"), before);
  assert.match(await drop("own.csv", "a,b\n1,0\n0,1\n.6,.8\n"), /3 tasks of 2 skills/);
  assert.equal(await page.number("tasks"), "3");
  const z = matrix(4, 2, Float64Array.of(1, 0, 0, 1, 0.6, 0.8, 0.8, 0.6));
  const npz = encodeNpz({ z: { shape: [4, 2], data: z.data } });
  assert.match(await drop("own.npz", npz), /4 tasks of 2 skills/);
  assert.equal(await page.number("tasks"), "4");
  await page.page.waitForFunction(() => location.hash.includes("pool=own.npz"));
  const [peak, link] = [await page.number("peak"), await page.page.evaluate(() => location.hash)];
  await page.open(link);
  assert.equal(await page.number("tasks"), "4");
  assert.equal(await page.number("peak"), peak);
  await page.open(link.slice(0, -20));
  assert.match((await page.page.textContent("#status"))!, /may have been cut/);
  assert.deepEqual(page.complaints, []);
});

test("a click on the map sets ρ and k, and the scrubber moves the skills", async () => {
  await using page = await opened();
  const rho = await page.number("rho");
  await page.page.locator("[data-live=map] .canvas svg").click({ position: { x: 120, y: 80 } });
  await page.settled();
  assert.notEqual(await page.number("rho"), rho);
  const before = await page.drawing("learning");
  await page.page.focus("#round");
  await page.page.keyboard.press("Home");
  assert.notEqual(await page.drawing("learning"), before);
  await page.page.locator(".dag a").first().click();
  await page.page.waitForSelector("details#made-0[open]");
  await page.page.click("#play");
  await page.page.waitForFunction(() =>
    document.querySelector("#played")!.textContent!.includes("peaks")
  );
  assert.deepEqual(page.complaints, []);
});

for (const [width, colorScheme] of [[390, "light"], [1600, "dark"]] as const) {
  test(`axe finds nothing at ${width} px, ${colorScheme}, and nothing is wider than the page`, async () => {
    const look = { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" };
    await using page = await opened(look);
    assert.deepEqual(await page.violations(), []);
    await using fit = await opened(look, "fit.html");
    assert.deepEqual(await fit.violations(), []);
    await using run = await opened(look, "run.html");
    assert.deepEqual(await run.violations(), []);
  });
}

test("run.html zooms by keys and wheel, and a box or a bar leads to what was run", async () => {
  await using page = await opened({}, "run.html");
  const width = (): Promise<number> =>
    page.page.evaluate(() => document.querySelector(".dag svg")!.getBoundingClientRect().width);
  const before = await width();
  await page.page.focus(".dag");
  await page.page.keyboard.press("+");
  assert.ok(await width() > before);
  await page.page.hover(".dag");
  await page.page.keyboard.down("Control");
  await page.page.mouse.wheel(0, 100);
  await page.page.keyboard.up("Control");
  await page.page.waitForFunction(
    (before) => document.querySelector(".dag svg")!.getBoundingClientRect().width < before + 1,
    before,
  );
  for (const place of [".dag a >> nth=1", ".gantt a"]) {
    await page.page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = false;
      history.replaceState(null, "", location.pathname);
    });
    await page.page.focus(place);
    await page.page.keyboard.press("Enter");
    const said = await page.page.textContent("details[open]#made-1");
    for (const part of [RUN.key, "never built", "1.50 s", '"tau": 0.1', "a line"]) {
      assert.ok(said!.includes(part), part);
    }
  }
  assert.deepEqual(page.complaints, []);
});

test("run.html shows the claims of several tables beside each other", async () => {
  await using page = await opened({}, "run.html");
  const head = await page.page.locator("#claims thead th").allTextContents();
  assert.deepEqual(head, ["claim", "alpha (simulated)", "beta"]);
  const row = await page.page.locator("#claims tbody tr > *").allTextContents();
  assert.deepEqual(row, ["l", "holds 1", "fails unexpectedly 1"]);
});

test("a figure is saved as SVG and as PNG", async () => {
  await using page = await opened();
  const button = (kind: string): string => `#fig_oneshot_asymmetry [data-save=${kind}]`;
  const text = new TextDecoder().decode(await page.saved(button("svg")));
  assert.match(text, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  const png = await page.saved(button("png"));
  assert.deepEqual([...png.subarray(1, 4)], [..."PNG"].map((c) => c.charCodeAt(0)));
  assert.deepEqual(page.complaints, []);
});

/** The loadings of a table by the steps of the workflow, on ONNX Runtime for Node. */
async function loadingsOf(
  table: Responses,
): Promise<{ readonly ids: readonly string[]; readonly columns: readonly Matrix[] }> {
  const { responses: items } = filterItems(table, FIT);
  const { nFactors } = await parallelAnalysis(items, { ...FIT, seed: FIT.seeds.parallelAnalysis });
  assert.equal(nFactors, 2);
  const options = { graph: await graphOf(2), nFactors, device: "cpu", threads: 1 } as const;
  const { model } = await fitFiml(items, { ...FIT, ...options });
  const raw = correlationMetric(model.loadings, model.uniqueness);
  const { method, nStarts, seeds } = FIT;
  const { loadings } = await rotate(raw, { method, nStarts, kaiser: true, seed: seeds.rotation });
  return { ids: items.itemIds, columns: [raw, loadings] };
}

/** Compares what fit.html offers to save with those. */
async function assertLoadings(page: Opened, table: Responses): Promise<void> {
  const { ids, columns } = await loadingsOf(table);
  assert.equal(await page.page.textContent("#d"), "2");
  const text = new TextDecoder().decode(await page.saved("#loadings-csv"));
  const rows = text.trim().split("\n").map((line) => line.split(","));
  assert.deepEqual(rows[0], ["item_id", "raw_1", "raw_2", "rotated_1", "rotated_2"]);
  assert.deepEqual(rows.slice(1).map(([id]) => id), ids);
  rows.slice(1).forEach((row, i) => {
    const expected = columns.flatMap(({ data }) => [data[2 * i]!, data[2 * i + 1]!]);
    expected.forEach((x, j) => assert.ok(Math.abs(Number(row[j + 1]) - x) < 1e-9, row[0]));
  });
}

test("fit.html finds the workflow's skills and loadings, and hands its pool to the game", async () => {
  const csv = twoSkills();
  const table = indexResponses(await readCsv(bytesOf(csv), "own.csv"), "own.csv").responses;
  await using page = await opened({ colorScheme: "dark" }, "fit.html");
  assert.match(
    await page.give("#file", "#error", "broken.csv", "subject_id,item_id\na,b\n"),
    /Cannot use broken\.csv: .*response/,
  );
  await page.page.click("#simulated");
  await page.page.click("#cancel");
  await page.give("#file", "#status", "own.csv", csv, "own.csv: done");
  assert.equal(await page.page.textContent("#error"), "");
  await assertLoadings(page, table);
  assert.equal(await page.page.locator("figure:visible svg").count(), 5);
  assert.deepEqual(await page.violations(), []);
  assert.deepEqual([...page.complaints], []);

  await page.page.click("#play");
  await page.settled();
  assert.equal(await page.number("tasks"), "60");
  assert.equal(await page.page.inputValue("select[data-s=pool]"), "own.csv");
  assert.deepEqual(page.complaints.filter((text) => !text.endsWith("/index.html")), []);
});

test("fit.html reads logs of evaluations as the command line does", async () => {
  const answers = new Map<string, { readonly id: number; readonly y: number }[]>();
  for (const line of twoSkills().split("\n").slice(1)) {
    const [model, item, y] = line.split(",") as [string, string, string];
    const one = { id: Number(item.slice(1)), y: Number(y) };
    answers.set(model, [...answers.get(model) ?? [], one]);
  }
  const [lm, inspect]: Record<string, string | Uint8Array>[] = [{}, {}];
  [...answers].forEach(([model, all], n) => {
    const date = "2025-01-01T00-00-00.000000";
    const samples = lines(all.map(({ id, y }) => lmEvalLine(id, { acc: y })));
    const packed = n % 2 === 0 ? gz(samples) : samples;
    lm![`${model}/samples_t_${date}.jsonl${n % 2 === 0 ? ".gz" : ""}`] = packed;
    lm![`${model}/results_${date}.json`] = lmEvalResults(model, { t: 1 });
    const log = inspectLog(
      model,
      "t",
      all.map(({ id, y }) => ({ id, scores: { match: y === 1 ? "C" : "I" } })),
    );
    inspect![`${model}.${n % 3 === 0 ? "json" : "eval"}`] = n % 3 === 0
      ? inspectJson(log)
      : inspectArchive(log, n % 3 === 1 ? 8 : 93);
  });
  const folder = await Deno.makeTempDir({ prefix: "logs-" });
  try {
    await writeFiles(folder, lm!);
    await using page = await opened({}, "fit.html");
    const done = (): Promise<unknown> =>
      page.page.waitForFunction(() =>
        document.querySelector("#status")!.textContent!.endsWith(": done.") ||
        document.querySelector("#error")!.textContent
      );
    const { Buffer } = await import("node:buffer");
    const give = async (files: Record<string, string | Uint8Array>): Promise<string> => {
      const payload = Object.entries(files)
        .map(([name, content]) => (
          { name, mimeType: "", buffer: Buffer.from(content as string) as never }
        ));
      await page.page.setInputFiles("#file", payload);
      await done();
      return (await page.page.textContent("#error"))!;
    };
    await page.page.setInputFiles("#folder", folder);
    await done();
    assert.equal(await page.page.textContent("#error"), "");
    await assertLoadings(page, (await readFiles(lm!)).responses);
    assert.equal(await give(inspect!), "");
    await assertLoadings(page, (await readFiles(inspect!)).responses);

    const [cut] = Object.entries(inspect!).filter(([name]) => name.endsWith(".eval"));
    const half = { [cut![0]]: cut![1].slice(0, -40) };
    assert.match(await give(half), /^Cannot use m1\.eval: .*no end record/);
    const [samples] = Object.entries(lm!).filter(([name]) => name.endsWith(".jsonl"));
    assert.match(
      await give({ "samples_t.jsonl": samples![1] }),
      /^Cannot use samples_t\.jsonl: .*its model is not known/,
    );
    assert.match(
      await give({ "a.parquet": "PAR1" }),
      /^Cannot read a\.parquet here: it is parquet/,
    );
    assert.match(
      await give({ "a.csv": "x", "b.xlsx": "y" }),
      /^Cannot use 2 files|^Cannot use a.csv/,
    );
    assert.deepEqual(page.complaints, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Responses of 30 subjects to 120 items in the long form: two skills, and some cells missing. */
function twoSkills(): string {
  const uniform = stream("two skills");
  const gauss = normal(uniform);
  const lines = ["subject_id,item_id,response"];
  for (let s = 0; s < 30; s++) {
    const skills = [gauss(), gauss()];
    for (let i = 0; i < 120; i++) {
      const y = 1.5 * skills[i % 2]! + gauss() > 0 ? 1 : 0;
      if (uniform() > 0.05) lines.push(`m${s},q${i},${y}`);
    }
  }
  return lines.join("\n");
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

test("makeArticle() gives the same bytes again", async () => {
  const { read, article } = await small();
  assert.deepEqual(await makeArticle(read, CLAIMS, SETTINGS, CHOICES, { deno: "2" }), article);
});
