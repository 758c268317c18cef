/**
 * Times the estimation beside its peers, in one session, and prints the ratios as Markdown.
 *
 * deno run -A bench/estimation.ts [--python PYTHON] [--peers FOLDER] [--quick]
 *
 * Takes the simulated table of the workflow (`deno task reproduce` first). PYTHON has numpy, and for Adam
 * torch; FOLDER has fiml_em.py. `--quick` leaves out what takes minutes: Adam, and 200,000 items.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import { decodeArrays } from "../lib/artifact/kind.ts";
import { items } from "../lib/artifact/kinds.ts";
import { decodeNpz, encodeNpz } from "../lib/artifact/npz.ts";
import { responsesOf } from "../lib/responses/responses.ts";

const here = fromFileUrl(new URL(".", import.meta.url));
const options = parseArgs(Deno.args, { string: ["python", "peers"], boolean: ["quick"] });
const PYTHON = String(options["python"] ?? "python3");
const PEERS = String(options["peers"] ?? `${here}../../shared/peers`);
const ITEMS = `${here}../cache/items_mmlupro.npz`;
const FLOOR = "0.2";
const D = "8";
/** Within so much of our log-likelihood the peer has arrived. */
const CLOSE = 1e-6;

type Json = Record<string, number> & { result: Record<string, number> };

async function run(command: string, args: readonly string[]): Promise<Json> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  if (!success) {
    throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout));
}

const ours = (...args: string[]): Promise<Json> =>
  run(Deno.execPath(), ["run", "-A", `${here}measure_estimation.ts`, ...args]);
const peer = (name: string, ...args: string[]): Promise<Json> =>
  run(PYTHON, [`${here}peers/${name}.py`, ...args]);

// deno-lint-ignore no-console -- this is what it is for
const print = (text: string): void => console.log(text);
const row = (...cells: (string | number)[]): void => print(`| ${cells.join(" | ")} |`);
const s = (seconds: number | undefined): string => `${(seconds ?? NaN).toPrecision(3)} s`;
const ratio = (x: number): string => `${x.toPrecision(x < 100 ? 2 : 3)} ×`;

const bytes = await Deno.readFile(ITEMS);
const table = responsesOf(decodeArrays(items, decodeNpz(bytes), ITEMS).arrays);
const [S, p] = [table.subjectIds.length, table.itemIds.length];
const dense = new Float64Array(S * p).fill(NaN);
table.item.forEach((i, n) => dense[table.subject[n]! * p + i] = table.response[n]!);
const file = await Deno.makeTempFile({ suffix: ".npz" });
await Deno.writeFile(file, encodeNpz({ Y: { shape: [S, p], data: dense } }));
try {
  print(`Table: ${S} × ${p}, d = ${D}; ${navigator.hardwareConcurrency} cores.\n`);
  row("what", "ours", "peer", "ratio");
  row("---", "---:", "---:", "---:");
  const fit = await ours("fiml", ITEMS, D);
  const target = fit.result["logLikelihood"]!;
  const em = await peer("until", PEERS, file, D, FLOOR, String(target * (1 + CLOSE)));
  const each = fit["millisecondsAnIteration"]!;
  row(
    "FIML, an iteration, against numpy EM",
    `${each.toPrecision(3)} ms`,
    `${em["ms"]!.toPrecision(3)} ms`,
    ratio(em["ms"]! / each),
  );
  row(
    `FIML, to the same log-likelihood (${CLOSE} relative), against numpy EM`,
    `${s(fit["again"])} (${fit.result["iterations"]} iterations; first call ${s(fit["first"])})`,
    `${s(em["seconds"])} (${em["iterations"]})`,
    ratio(em["seconds"]! / fit["again"]!),
  );
  const logistic = await ours("logistic", ITEMS, D);
  row(
    "logistic factor model, against the Gaussian",
    `${s(logistic["again"])} (${logistic.result["iterations"]} iterations of ${
      logistic["millisecondsAnIteration"]!.toPrecision(3)
    } ms)`,
    `${s(fit["again"])} (${fit.result["iterations"]} of ${each.toPrecision(3)} ms)`,
    ratio(fit["again"]! / logistic["again"]!),
  );
  if (!options["quick"]) {
    const best = await peer("adam", file, D, FLOOR, "3000", "best");
    row(
      "FIML, against Adam in its best form, 3000 epochs",
      `${s(fit["again"])}, ${target.toFixed(1)}`,
      `${s(best["seconds"])}, ${best["ll"]!.toFixed(1)}`,
      ratio(best["seconds"]! / fit["again"]!),
    );
    const usual = await peer("adam", file, D, FLOOR, "300", "usual");
    row(
      "FIML, against Adam in its usual form, 3000 epochs (300 timed, × 10)",
      s(fit["again"]),
      s(10 * usual["seconds"]!),
      ratio(10 * usual["seconds"]! / fit["again"]!),
    );
  }
  const horn = await ours("parallel", ITEMS);
  const numpy = await peer("parallel_analysis", file);
  row(
    "parallel analysis, 20 replications, against numpy",
    `${s(horn["again"])} (first call ${s(horn["first"])})`,
    s(numpy["seconds"]),
    ratio(numpy["seconds"]! / horn["again"]!),
  );
  const quartimin = await ours("quartimin", "13500", D);
  row("quartimin, 8 starts, 13,500 × 8", s(quartimin["again"]), "", "");
  print("\n| items | FIML | µs an item | peak memory | parallel analysis | peak memory |");
  row("---:", "---:", "---:", "---:", "---:", "---:");
  for (const items of [3000, 13_500, 50_000, ...(options["quick"] ? [] : [200_000])]) {
    const fiml = await ours("fiml", `48x${items}`, D);
    const parallel = await ours("parallel", `48x${items}`);
    row(
      items.toLocaleString("en-US"),
      `${s(fiml["again"])} (${fiml.result["iterations"]} iterations)`,
      ((1e6 * fiml["again"]!) / items).toFixed(1),
      `${fiml["peakMiB"]} MiB`,
      s(parallel["again"]),
      `${parallel["peakMiB"]} MiB`,
    );
  }
  const stream = await ours("stream", "48x1000000");
  row("1,000,000, in blocks", "", "", "", s(stream["again"]), `${stream["peakMiB"]} MiB`);
} finally {
  await Deno.remove(file);
}
