import { chromium } from "playwright-core";
const [file, w, scheme, h] = Deno.args; const H = Number(h);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const c = await browser.newContext({ viewport: { width: Number(w), height: H }, colorScheme: scheme as any });
const p = await c.newPage(); await p.goto(`file:///work/wt-page/figures/report/${file}`); await p.waitForTimeout(1500);
const total = await p.evaluate(() => document.documentElement.scrollHeight);
let n = 0; for (let y = 0; y < total; y += H - 60) { await p.evaluate((y) => scrollTo({ top: y, behavior: "instant" }), y); await p.waitForTimeout(250); await p.screenshot({ path: `/tmp/pg/s-${file.replace(".html","")}-${w}-${scheme}-${n++}.png` }); }
console.log(total, n); await browser.close();
