import assert from "node:assert/strict";
import { join } from "@std/path";
import { copyProject, type Ended, runIn } from "../copy_project.ts";
import { allowed } from "../support.ts";
import { cells, longCsvOf, mmluProRecord, wideCsvOf, zipOf } from "./tables.ts";

const ignore = !allowed("read", "write", "run", "env");

Deno.test({
  name: "data says what a table holds and where it is from; validate names the rows at fault",
  ignore,
  fn: async (t) => {
    const root = await copyProject();
    const run = (...args: string[]): Promise<Ended> => runIn(root, ["data", ...args]);
    const write = (name: string, text: string): Promise<void> =>
      Deno.writeTextFile(join(root, name), text);
    const table = cells(8, 30);
    const observed = table.filter(({ response }) => response !== null);
    try {
      await write("good.csv", longCsvOf(table));
      const wide = wideCsvOf(table).trimEnd().split("\n");
      await write(
        "bad.csv",
        [...wide, "model-99;7", wide[1]!.replace(/;[01]?$/, ";seven")].join("\n"),
      );
      const sets = ["--set", "responses.source=csv", "--set", "responses.path=good.csv"];

      await t.step("data", async () => {
        const { code, out, err } = await run(...sets);
        assert.equal(code, 0, err);
        assert.match(out, /^source +csv\nfrom +good\.csv \(sha256 [0-9a-f]{12}…\)$/m);
        assert.match(out, new RegExp(`^observations +${observed.length}$`, "m"));
        assert.match(err, /built +cache\/items/);
        assert.match(
          out,
          /^Is the table large enough\? .*\n {2}subjects {11}barely {2}8 subjects for/m,
        );
        assert.match(out, /^skill 1: \d+\.\d % of the mass, \d+ items\n {2}weight {2}item$/m);
        assert.match(out, /^ {2}highest scores: .*\n {2}lowest scores: /m);
        const csv = await Deno.readTextFile(join(root, "cache/skills_mmlupro.csv"));
        assert.match(
          csv,
          /^skill,mass_share,n_items,leverage,what,rank,id,benchmark,category,value$/m,
        );
        assert.equal(csv.match(/^1,[^,]*,[^,]*,[^,]*,subject,/gm)?.length, 8);
      });
      await t.step("data --json: only JSON on standard output, with accuracies", async () => {
        const report = JSON.parse((await run("--json", ...sets)).out);
        assert.deepEqual(
          [report.facts.n_subjects, report.facts.n_items, report.facts.n_observations],
          [8, 30, observed.length],
        );
        const own = observed.filter(({ subject }) => subject === report.subjects[0].id);
        const mean = own.reduce((sum, { response }) => sum + (response ?? 0), 0) / own.length;
        assert.ok(Math.abs(report.subjects[0].accuracy - mean) < 1e-12);
        assert.equal(report.subjects[0].responses, own.length);
        const shares = report.skills.skills.map(({ share }: { share: number }) => share);
        assert.ok(Math.abs(shares.reduce((a: number, b: number) => a + b, 0) - 1) < 1e-9);
        assert.ok(["yes", "barely", "no"].includes(report.skills.size.verdict));
        const { kept, droppedFewSubjects, droppedMinority } = report.filtered;
        assert.equal(kept + droppedFewSubjects + droppedMinority, 30);
      });
      await t.step("validate", async () => {
        const good = await run("validate", "good.csv");
        assert.equal(good.code, 0);
        assert.match(
          good.out,
          /good\.csv can be used:\n {2}deno task reproduce --set .*=good\.csv\n$/,
        );
        const bad = await run("validate", "bad.csv");
        assert.equal(bad.code, 0, bad.out);
        assert.match(
          bad.out,
          /2 rows or cells are wrong:\n {2}line 10: 2 fields.*\n {2}line 11, column 31/,
        );
        assert.equal((await run("validate", "bad.csv", "--strict")).code, 2);
        const json = JSON.parse((await run("validate", "bad.csv", "--json")).out);
        assert.deepEqual([json.usable, json.n_faults, json.faults[0].where], [true, 2, "line 10"]);
      });
      await t.step("what cannot be used exits with 2, and says why", async () => {
        await write("columns.csv", "subject_id,item,response\na,x,1\n");
        await write("few.csv", "m,x,y\na,1,0\nb,0,1\n");
        await write("table.xlsx", "PK");
        const cases = {
          "columns.csv": /line 1: for the long form the column item_id is missing/,
          "few.csv": /none of the 2 items passes the filter/,
          "table.xlsx": /it is a workbook. Save its sheet as CSV/,
          "none.csv": /there is no such file/,
        };
        for (const [file, says] of Object.entries(cases)) {
          const { code, out } = await run("validate", file);
          assert.equal(code, 2);
          assert.match(out, says);
          assert.equal(JSON.parse((await run("validate", file, "--json")).out).usable, false);
        }
        assert.match((await run("validat", "x")).err, /did you mean validate\?/);
        assert.match((await run("validate")).err, /needs one file/);
      });
      await t.step(
        "a faulty table is used without its faults, or not at all with --strict",
        async () => {
          const bad = ["--set", "responses.source=csv", "--set", "responses.path=bad.csv"];
          const loose = await run(...bad);
          assert.equal(loose.code, 0, loose.err);
          assert.match(loose.err, /warning .*bad\.csv: left out 1 row whose response is neither/);
          const strict = await run(...bad, "--strict");
          assert.equal(strict.code, 2);
          assert.match(
            strict.err,
            /bad\.csv: it has 1 row whose.*line 10: 2 fields.*leave out --strict/,
          );
        },
      );
      await t.step("a folder of zips: a bad one is told and left out, or ends it", async () => {
        await Deno.mkdir(join(root, "zips"));
        for (let k = 0; k < 4; k++) {
          const records = Array.from(
            { length: 9 },
            (_, i) => mmluProRecord(i + 1, (i * 7 + k * 5) % 3 ? "B" : "A"),
          );
          const zip = zipOf("a.json", [...records, "total"]);
          await Deno.writeFile(join(root, `zips/model_outputs_M${k}_5shots.zip`), zip);
        }
        await write("zips/model_outputs_broken_5shots.zip", "<html>");
        await write("zips/notes.txt", "no zip");
        const zips = ["--set", "responses.source=mmlu-pro", "--set", "responses.path=zips"];
        const { code, out, err } = await run(...zips, "--set", "items.min_minority=0", "--json");
        assert.equal(code, 0, err);
        const { facts } = JSON.parse(out);
        assert.deepEqual(
          [
            facts.n_subjects,
            facts.n_items,
            facts.n_files,
            facts.n_files_left_out,
            facts.n_left_out_malformed,
          ],
          [4, 9, 4, 1, 4],
        );
        assert.match(
          err,
          /model_outputs_broken_5shots\.zip: not a zip file, or a damaged one.*left out/,
        );
        const strict = await run(...zips, "--strict");
        assert.equal(strict.code, 2);
        assert.match(strict.err, /Cannot read model_outputs_broken_5shots\.zip/);
      });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
