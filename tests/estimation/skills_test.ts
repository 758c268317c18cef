import assert from "node:assert/strict";
import { describeSkills } from "../../lib/estimation/describe_skills.ts";
import { tableSize } from "../../lib/estimation/table_size.ts";
import { formatSkills, type Skill } from "../../lib/responses/skills_report.ts";
import { matrix, takeColumns } from "../../lib/stats/matrix.ts";

/** Twelve tasks on two skills: ten and a half on the first. */
const N = 12;
const tasks = matrix(N, 2);
for (let i = 0; i < N; i++) tasks.data[2 * i] = i < 11 ? (i + 1) / 12 : 0;
tasks.data[2 * 11 + 1] = 0.5;
tasks.data[1] = 0.25;

const skills = describeSkills({
  tasks,
  taskIds: Array.from({ length: N }, (_, i) => `q${i}`),
  scores: matrix(3, 2, Float64Array.of(1, 0, -3, 0.5, 0, -0.5)),
  subjectIds: ["a", "b", "c"],
  table: {
    itemIds: ["other", ...Array.from({ length: N }, (_, i) => `q${i}`)],
    benchmarks: Array.from({ length: N + 1 }, () => "bench"),
    categories: [
      "",
      ...Array.from({ length: N }, (_, i) => i === 11 ? "java" : i === 0 ? "" : "law"),
    ],
  },
});

Deno.test("describeSkills() names the ten heaviest items, the mass, the parts and the scores", () => {
  const [first, second] = skills as [Skill, Skill];
  const mass = Array.from({ length: 11 }, (_, i) => ((i + 1) / 12) ** 2).reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(first.share - mass / (mass + 0.25 + 0.0625)) < 1e-12);
  assert.deepEqual([first.n_items, second.n_items], [11, 2]);
  assert.deepEqual(first.items.map(({ id }) => id), [
    ...["q10", "q9", "q8", "q7", "q6", "q5", "q4", "q3", "q2", "q1"],
  ]);
  assert.deepEqual(second.items, [
    { id: "q11", benchmark: "bench", category: "java", weight: 0.5 },
    { id: "q0", benchmark: "bench", category: null, weight: 0.25 },
  ]);
  assert.deepEqual(second.parts, [{ name: "java", share: 0.8 }]);
  assert.deepEqual(first.subjects.map(({ id, score }) => `${id} ${score}`), ["a 1", "c 0", "b -3"]);
  assert.deepEqual([first.leader, first.leverage], ["b", 0.9]);
});

Deno.test("formatSkills() shows columns that are known, and both ends of the subjects", () => {
  const size = {
    verdict: "yes",
    measures: [{ name: "items", grade: "yes", says: "many" }],
  } as const;
  const text = formatSkills({ skills, size }, (id) => id.toUpperCase());
  assert.match(text, /^Is the table large enough\? yes\n {2}items {14}yes {5}many\n\nskill 1: /);
  assert.match(
    text,
    /\n {2}weight {2}item {2}benchmark {2}category\n {2}0\.917 {3}q10 {3}bench {6}law\n/,
  );
  assert.match(text, /skill 2: 8\.2 % of the mass, 2 items; mostly java 80\.0 %\n/);
  assert.match(text, /highest scores: A 1\.00, C 0\.00, B -3\.00\n\nskill 2/);
  const nameless = skills.map((skill) => ({
    ...skill,
    items: skill.items.map((item) => ({ ...item, benchmark: null, category: null })),
  }));
  assert.match(
    formatSkills({ skills: nameless, size }),
    /\n {2}weight {2}item\n {2}0\.917 {3}q10\n/,
  );
});

function graded(change: Partial<Parameters<typeof tableSize>[0]>): string {
  const many = skills.map((skill) => ({ ...skill, n_items: 50, leverage: 0.2 }));
  const { verdict, measures } = tableSize({
    ...{ subjects: 40, items: 1234, skills: many },
    eigenvalues: Float64Array.of(9, 6, 2),
    thresholds: Float64Array.of(4, 4, 4),
    ...change,
  });
  return [verdict, ...measures.map(({ grade, says }) => `${grade}: ${says}`)].join("\n");
}

Deno.test("tableSize() says in words what each measure is, and takes the worst", () => {
  assert.equal(
    graded({}),
    [
      "yes",
      "yes: 40 subjects for 2 skills, 20.0 for each; the usual rule is 10",
      "yes: 1,234 items; skill 1 has the fewest, 50, and 3 are the least that determine a skill",
      "yes: no skill leans on one subject; the most is skill 1: 20 % of its squared scores are of b",
      "yes: factor 2, the last, passes by 50.0 %; factor 3 misses by 50.0 %",
    ].join("\n"),
  );
  assert.match(
    graded({ subjects: 12 }),
    /^barely\nbarely: 12 subjects for 2 skills, 6\.0 for each/,
  );
  assert.match(graded({ subjects: 9 }), /^no\nno: 9 subjects/);
  assert.match(graded({ skills }), /^no\n[^]*no: 1,234 items; skill 2 has the fewest, 2/);
  assert.match(graded({ skills }), /barely: one subject carries more than half of skill 1: 90 %/);
  const one = skills.map((skill) => ({ ...skill, leverage: 0.95 }));
  assert.match(graded({ skills: one }), /no: one subject is nearly all of skill 1: 95 %/);
  const narrow = { eigenvalues: Float64Array.of(9, 4.1, 2) };
  assert.match(graded(narrow), /^barely[^]*passes by 2\.5 %; .*: a narrow margin, with other subj/);
  const near = { eigenvalues: Float64Array.of(9, 6, 3.9) };
  assert.match(graded(near), /^barely[^]*misses by 2\.5 %: a narrow margin/);
  const none = { eigenvalues: Float64Array.of(9, 3, 2) };
  assert.match(graded(none), /^no[^]*no: factor 2 is below its threshold, by 25\.0 %/);
  const more = { eigenvalues: Float64Array.of(9, 6, 6) };
  assert.match(graded(more), /factor 3 would pass too, by 50\.0 %/);
  const all = { eigenvalues: Float64Array.of(9, 6), thresholds: Float64Array.of(4, 4) };
  assert.match(graded(all), /yes: factor 2, the last, passes by 50\.0 %$/);
});

Deno.test("takeColumns() takes columns in the given order", () => {
  const m = matrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 6));
  assert.deepEqual(takeColumns(m, [2, 0]), matrix(2, 2, Float64Array.of(3, 1, 6, 4)));
});
