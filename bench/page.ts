/**
 * Latencies of the page in a headless Chromium: `deno run -A bench/page.ts [FILE]`. It opens
 * figures/report/index.html from the disk, moves each control beside its figure, and prints in
 * milliseconds how long it takes until what is in view is drawn; first paint, too.
 *
 * @module
 */
import { resolve } from "@std/path";
import { chromium } from "playwright-core";

/** The browser of Debian and of Ubuntu. */
const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";
/** Moves of each control. */
const MOVES = 12;
/** Each control, beside the figure that it moves. */
const CONTROLS: readonly (readonly [control: string, figure: string])[] = [
  ["k", "delta"],
  ["k", "cost"],
  ["gamma", "cost"],
  ["forgetting", "delta"],
  ["rho", "map"],
  ["rho", "bound"],
  ["bias", "bound"],
  ["bandwidth", "map"],
  ["rounds", "delta"],
  ["published", "oneShot"],
  ["awareness", "oneShot"],
];

const file = resolve(Deno.args[0] ?? "figures/report/index.html");
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`file://${file}`);
  await page.waitForSelector("html[data-ready]");
  await page.waitForFunction(() => document.querySelector(".stale") === null);
  const paint = await page.evaluate(() =>
    performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN
  );
  const out = [`first paint       ${paint.toFixed(0)} ms`];
  for (const [control, figure] of CONTROLS) {
    await page.locator(`[data-live=${figure}]`).scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    const times = await page.evaluate(move, { control, figure, moves: MOVES });
    const shown = [times[0]!, times[times.length >> 1]!, times.at(-1)!].map((ms) => ms.toFixed(1));
    out.push(
      `${control.padEnd(11)} ${figure.padEnd(9)} best ${shown[0]}, median ${shown[1]}, worst ${
        shown[2]
      } ms`,
    );
  }
  await Deno.stdout.write(new TextEncoder().encode(`${out.join("\n")}\n`));
} finally {
  await browser.close();
}

/** In the page: moves a slider to and fro, and times each until the figure beside it is drawn. */
async function move(
  { control, figure, moves }: { control: string; figure: string; moves: number },
): Promise<number[]> {
  const slider = document.querySelector<HTMLInputElement>(
    `[data-live=${figure}] input[type=range][data-s=${control}]`,
  )!;
  const canvas = document.querySelector(`[data-live=${figure}] .canvas`)!;
  const times: number[] = [];
  for (let n = 0; n < moves; n++) {
    await new Promise((done) => setTimeout(done, 400));
    slider.value = String(Number(slider.value) + (n % 4 < 2 ? 1 : -1));
    const start = performance.now();
    const drawn = new Promise<void>((resolve) => {
      const watcher = new MutationObserver(() => {
        watcher.disconnect();
        resolve();
      });
      watcher.observe(canvas, { childList: true, subtree: true });
      setTimeout(resolve, 5000);
    });
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn;
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}
