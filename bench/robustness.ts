/**
 * Times variants of the pipeline, from a response table to headline numbers and claims, each with other
 * choices: 85 fits, as many for a game as in the multiverse, that share what they have in common.
 *
 * deno run -A bench/robustness.ts [--before FOLDER] [--variants 200] [TABLE.parquet]
 *
 * Two processes share the variants. With --before, a checkout of an earlier state with its packages, one
 * process of each state runs all of them beside the other, so that both meet the same machine.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, join } from "@std/path";
import { cpuUsage } from "node:process";
import { PAPER } from "../lib/main.ts";
import { indexResponses } from "../lib/responses/index_responses.ts";
import { readParquet } from "../lib/responses/read_parquet.ts";
import { simulateResponses } from "../lib/responses/simulate_responses.ts";
import { multiverse } from "../lib/robustness/multiverse.ts";
import type { Variant } from "../lib/robustness/variant.ts";
import { planWorkflow } from "../lib/runner/config/plan.ts";
import { choicesOf } from "../tasks/_robustness_task.ts";
import task from "../tasks/robustness_multiverse.ts";

const [N_FITS, N_PROCESSES] = [85, 2];
const ROOT = dirname(dirname(fromFileUrl(import.meta.url)));
const OF_FIT = ["n_factors", "psi_floor", "min_minority", "rotation", "kaiser"];
const AFTER_IT = /^(tau|bias|correction|forgetting|n_rounds|gamma|n_pool|prior)/;

const options = parseArgs(Deno.args, { string: ["before", "share", "variants"] });
const [BEFORE, SHARE] = [options.before, options.share].map((x) => x === undefined ? x : String(x));
const N_VARIANTS = Number(options["variants"] ?? 200);
const FILE = options._[0] === undefined ? undefined : String(options._[0]);

// deno-lint-ignore no-console -- this is what it is for
const print = (text: string): void => console.log(text);

const schema = task.params!;
type Params = ReturnType<typeof schema.parse>;

/** The workflow's choices with one or two of the fit and one of the game changed. */
function variantsOf({ choices: given, other }: Params): Variant[] {
  const changes = Object.entries(other).flatMap(([name, values]) =>
    (values ?? []).map((value) => ({ [name]: value }))
  );
  const named = (test: (name: string) => boolean): typeof changes =>
    changes.filter((change) => test(Object.keys(change)[0]!));
  const games = [{}, ...named((name) => AFTER_IT.test(name))];
  const single = named((name) => OF_FIT.includes(name));
  const pairs = single.flatMap((a, n) => single.slice(n + 1).map((b) => ({ ...a, ...b })))
    .filter((pair) => Object.keys(pair).length === 2);
  const fits = [{}, ...named((name) => !AFTER_IT.test(name)), ...pairs];
  return Array.from({ length: N_VARIANTS }, (_, n) => {
    const changed = { ...fits[n % N_FITS], ...games[n % games.length] };
    const choices = choicesOf({ ...given, ...changed } as Params["choices"]);
    return { name: JSON.stringify(changed), group: "bench", choices };
  });
}

function processorSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

/** Runs every `of`-th fit's variants here. */
async function play(first: number, of: number): Promise<void> {
  const { targets } = await planWorkflow({ root: ROOT, ...PAPER }, []);
  const target = [...targets].find(([name]) => name === "cache/robustness_multiverse.npz")![1];
  const params = schema.parse(target.params);
  const { delta, validation, map, one_shot, holdout: { k, rho, n_0, epsilon, eta } } = params;
  const responses = FILE === undefined
    ? simulateResponses("0")
    : indexResponses(await readParquet(await Deno.readFile(FILE), FILE), FILE).responses;
  const variants = variantsOf(params).filter((_, n) => (n % N_FITS) % of === first);
  const begun = processorSeconds();
  const outcomes = await multiverse(responses, variants, {
    ...{ delta, validation },
    map: { rhos: map.rhos, nKs: map.n_ks },
    oneShot: { nKs: one_shot.n_ks, awareness: one_shot.awareness },
    holdout: { k, rho, gate: n_0 === null ? undefined : { n0: n_0, epsilon, eta } },
  });
  const processor = processorSeconds();
  const played = outcomes.filter(({ numbers }) => numbers !== undefined).length;
  print(JSON.stringify({ processor, begun, played }));
}

/** Seconds of the processor, those until the first variant began, and variants with numbers. */
interface Spent {
  readonly processor: number;
  readonly begun: number;
  readonly played: number;
}

/** Runs a share of the variants in a process of its own, by the code of a checkout. */
async function start(root: string, share: string): Promise<Spent> {
  const args = [
    "run",
    "-A",
    "--no-check",
    "bench/robustness.ts",
    "--share",
    share,
    "--variants",
    `${N_VARIANTS}`,
  ];
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args, ...(FILE === undefined ? [] : [FILE])],
    cwd: root,
    stderr: "inherit",
  });
  return JSON.parse(new TextDecoder().decode((await command.output()).stdout));
}

function row(what: string, all: readonly Spent[]): void {
  const sum = (name: keyof Spent): number => all.reduce((total, one) => total + one[name], 0);
  const processor = sum("processor");
  print(
    `| ${what} | ${sum("played")} | ${processor.toFixed(0)} s | ` +
      `${((processor - sum("begun")) / N_VARIANTS).toFixed(2)} s | ` +
      `${(processor / N_PROCESSES).toFixed(0)} s |`,
  );
}

if (SHARE !== undefined) {
  const [first, of] = SHARE.split("/").map(Number);
  await play(first!, of!);
} else {
  const begun = performance.now();
  if (BEFORE !== undefined) {
    await Deno.copyFile(fromFileUrl(import.meta.url), join(BEFORE, "bench/robustness.ts"));
  }
  const found = BEFORE === undefined
    ? await Promise.all([start(ROOT, "0/2"), start(ROOT, "1/2")])
    : await Promise.all([start(ROOT, "0/1"), start(BEFORE, "0/1")]);
  const wall = (performance.now() - begun) / 1000;
  print(
    "| state | with numbers | processor | a variant, without the start | half: two cores, quiet |",
  );
  print("| --- | ---: | ---: | ---: | ---: |");
  if (BEFORE === undefined) {
    row("now", found);
    print(`\nWall time of two processes: ${wall.toFixed(0)} s`);
  } else {
    row("before", found.slice(1));
    row("now", found.slice(0, 1));
    const [now, before] = found.map(({ processor, begun }) => processor - begun);
    print(`\nRatio: ${(before! / now!).toFixed(2)}`);
  }
}
