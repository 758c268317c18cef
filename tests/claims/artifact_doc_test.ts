import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { type Claim, outcomeOf } from "../../lib/claims/claim.ts";
import { copyProject, runIn } from "../copy_project.ts";
import { allowed } from "../support.ts";

const DOC = "docs/artifact.md";
const pathOf = (name: string): string => fromFileUrl(new URL(`../../${name}`, import.meta.url));
const read = (name: string): string => Deno.readTextFileSync(pathOf(name));

Deno.test({
  name: "docs/artifact.md names files, commands and figures that there are",
  ignore: !allowed("read"),
  fn: () => {
    const text = read(DOC);
    const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, unknown> };
    for (const [, task = ""] of text.matchAll(/deno task (\S+?)[\s`]/g)) {
      assert.ok(Object.hasOwn(tasks, task), `there is no deno task ${task}`);
    }
    for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)/g)) {
      assert.ok(Deno.statSync(pathOf(`docs/${link}`)).isFile, link);
    }
    // Those that are made on request alone are built from a pool's suffix.
    const known = read("workflow.yaml") + read("workflow.lock.json");
    for (const [, figure = ""] of text.matchAll(/`(fig_\w+)`/g)) {
      assert.ok(
        known.includes(figure.replace(/^(fig_holdout)_synthetic$/, "$1")),
        `there is no ${figure}`,
      );
    }
  },
});

/** The document's headings, by the targets whose claims stand under them. */
const HEADINGS: Readonly<Record<string, string>> = {
  "cache/claims_one_shot.json": "One shot",
  "cache/claims_repeated_mmlupro.json": "Repeated, semisynthetic pool (simulated table)",
  "cache/claims_repeated_synthetic.json": "Repeated, synthetic pool",
  "cache/claims_holdout_mmlupro.json": "Holdout, semisynthetic pool",
  "cache/claims_holdout_synthetic.json": "Holdout, synthetic pool",
};

const COLUMNS = ["statement", "figure", "number (what it has to be)", "here"];

/** What stands between these is made from the claims. */
const [START, END] = ["\n**One shot**", "\n## What is not supported"];

function rowOf(claim: Claim): string {
  const { statement, figure, shown, measure, holds, expected } = claim;
  const here = holds && !expected
    ? "holds, unexpectedly"
    : outcomeOf(claim).replace("fails ", "fails, ");
  return `| ${[statement, `\`${figure}\``, `${shown} (${measure})`, here].join(" | ")} |`;
}

/** A table without the blanks by which it is aligned. */
function lines(table: string): string[] {
  return table.trim().split("\n")
    .map((line) => line.replace(/ *\| */g, "|").replace(/-{3,}/g, "---"));
}

Deno.test({
  name: "docs/artifact.md has the numbers of claims --json (UPDATE_SNAPSHOTS=1 writes them)",
  ignore: !allowed("read", "write", "run", "env", "net", "sys", "ffi"),
  fn: async () => {
    const root = await copyProject();
    try {
      const { code, out, err } = await runIn(root, ["claims", "--json"]);
      assert.equal(code, 0, err);
      const held = JSON.parse(out) as readonly { target: string; claims: readonly Claim[] }[];
      const table = held.map(({ target, claims }) =>
        [
          `\n**${HEADINGS[target] ?? target}**\n`,
          `| ${COLUMNS.join(" | ")} |`,
          "| --- | --- | --- | --- |",
          ...claims.map(rowOf),
        ].join("\n")
      ).join("\n");
      const text = read(DOC);
      const [from, to] = [text.indexOf(START), text.indexOf(END)];
      if (Deno.env.get("UPDATE_SNAPSHOTS") === "1") {
        Deno.writeTextFileSync(pathOf(DOC), `${text.slice(0, from)}${table}\n${text.slice(to)}`);
        await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", pathOf(DOC)] }).output();
      } else assert.deepEqual(lines(text.slice(from, to)), lines(table));
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
