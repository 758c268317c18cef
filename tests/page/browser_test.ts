import assert from "node:assert/strict";
import { encodeNpz } from "../../lib/artifact/npz.ts";
import { makePage, type PageArtifacts } from "../../lib/page/make_page.ts";
import { modelOf } from "../../lib/page/model.ts";
import { costMap, type Job, monteCarlo, oneShot, paths } from "../../lib/page/engine.ts";
import type { Settings } from "../../lib/page/settings.ts";
import { matrix } from "../../lib/stats/matrix.ts";
import { allowed } from "../support.ts";
import { pageArtifacts } from "./page_artifacts.ts";
import type { Browser, Page } from "playwright-core";

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

/** The page of a small game, in a browser, with all that it complained about or asked for. */
class Opened implements AsyncDisposable {
  readonly complaints: string[] = [];
  constructor(readonly browser: Browser, readonly page: Page, readonly address: string) {
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
    await this.settled();
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
    await this.browser.close();
  }
}

let made: Promise<{ read: PageArtifacts; html: string }> | undefined;
const small = (): Promise<{ read: PageArtifacts; html: string }> =>
  made ??= (async () => {
    const read = await pageArtifacts();
    const claims = [{
      figure: "fig_repeated_delta_vs_k",
      statement: "s",
      ...{ source: "model", expected: true, atEdge: false },
      ...{ label: "l", measure: "n", value: 1, shown: "1" },
      measured: "m",
      holds: true,
    }];
    return { read, html: (await makePage(read, claims, SETTINGS, CHOICES, { deno: "2" })).html };
  })();

async function opened(options: Record<string, unknown> = {}): Promise<Opened> {
  const { chromium } = await import("playwright-core");
  const { html } = await small();
  const path = `${await Deno.makeTempDir({ prefix: "page-" })}/index.html`;
  await Deno.writeTextFile(path, html);
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, ...options });
  const result = new Opened(browser, page, `file://${path}`);
  await result.open();
  return result;
}

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

test("a dropped pool is played on, and a broken file gives words", async () => {
  await using page = await opened();
  const before = await page.number("peak");
  const drop = async (name: string, bytes: Uint8Array): Promise<string | null> => {
    await page.page.setInputFiles("#file", { name, mimeType: "", buffer: bytes as never });
    await page.page.waitForFunction(
      (name) => document.querySelector("#dropped")!.textContent!.includes(name),
      name,
    );
    await page.settled();
    return page.page.textContent("#dropped");
  };
  const { Buffer } = await import("node:buffer");
  const text = (content: string): Uint8Array => Buffer.from(content);
  assert.match((await drop("broken.npz", text("PK broken")))!, /Cannot read broken\.npz/);
  assert.match((await drop("words.csv", text("1,0\n0,x\n")))!, /line 2 has something that is not/);
  assert.match((await drop("long.csv", text("3,0\n0,1\n")))!, /row 1 of z has norm 3/);
  assert.equal(await page.number("peak"), before);
  assert.match((await drop("own.csv", text("a,b\n1,0\n0,1\n.6,.8\n")))!, /3 tasks of 2 skills/);
  assert.equal(await page.number("tasks"), "3");
  const z = matrix(4, 2, Float64Array.of(1, 0, 0, 1, 0.6, 0.8, 0.8, 0.6));
  const npz = encodeNpz({ z: { shape: [4, 2], data: z.data } });
  assert.match((await drop("own.npz", Buffer.from(npz)))!, /4 tasks of 2 skills/);
  assert.equal(await page.number("tasks"), "4");
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
    await using page = await opened({
      viewport: { width, height: 900 },
      ...{ colorScheme, reducedMotion: "reduce" },
      bypassCSP: true,
    });
    const { source } = (await import("axe-core")).default;
    await page.page.evaluate(source);
    const violations = await page.page.evaluate(async () => {
      // deno-lint-ignore no-explicit-any -- axe is a global of the page.
      const { violations } = await (globalThis as any).axe.run();
      return violations.map((v: { id: string; nodes: { html: string }[] }) =>
        `${v.id}: ${v.nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`
      ) as string[];
    });
    assert.deepEqual(violations, []);
    const overflow = await page.page.evaluate(() =>
      document.documentElement.scrollWidth - innerWidth
    );
    assert.equal(overflow, 0);
  });
}

test("makePage() gives the same bytes again", async () => {
  const { read, html } = await small();
  const claims = [{
    figure: "fig_repeated_delta_vs_k",
    statement: "s",
    ...{ source: "model", expected: true, atEdge: false },
    ...{ label: "l", measure: "n", value: 1, shown: "1" },
    measured: "m",
    holds: true,
  }];
  const again = await makePage(read, claims, SETTINGS, CHOICES, { deno: "2" });
  assert.equal(again.html, html);
});
