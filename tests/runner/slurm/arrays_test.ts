import assert from "node:assert/strict";
import type { PlannedInput, PlannedTarget } from "../../../lib/runner/config/planned.ts";
import {
  type JobArray,
  type Place,
  submitArrays,
  type Wanted,
} from "../../../lib/runner/executor/slurm/arrays.ts";
import type { TargetName } from "../../../lib/runner/names.ts";

/** A target of a task, by what it needs. */
function wanted(name: string, task: string, needs: readonly string[] = [], cpus = 1): Wanted {
  const inputs = needs.map((need) =>
    [need, { path: need, producer: need } as unknown as PlannedInput] as const
  );
  const target = { name, taskId: task, inputs: new Map(inputs), env: [] };
  return { target: target as unknown as PlannedTarget, resources: { cpus } };
}

/** The arrays, as `name@index …`, what corresponds, and what they are after. */
async function arrays(
  all: readonly Wanted[],
  largest = 1000,
  placed = new Map<TargetName, Place<string>>(),
): Promise<string[]> {
  const found: string[] = [];
  await submitArrays(all, placed, largest, ({ elements, corresponds, after }: JobArray<string>) => {
    const id = String(found.length);
    const members = elements.map(({ target, index }) => `${target.name}@${index}`);
    const waits = [...after].map(([array, indexes]) => ` ok ${array}:${[...indexes]}`);
    const corresponding = corresponds === undefined ? "" : ` corr ${corresponds}`;
    found.push(`${members.join(" ")}${corresponding}${waits.join("")}`);
    return Promise.resolve(id);
  });
  return found;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

Deno.test("submitArrays() makes an array of the targets of one task with equal resources", async () => {
  const all = [wanted("a", "t"), wanted("b", "t"), wanted("c", "t", [], 2), wanted("d", "u")];
  assert.deepEqual(await arrays(all), ["a@0 b@1", "c@0", "d@0"]);
});

Deno.test("submitArrays() lets elements that each need their own correspond", async () => {
  const all = [
    ...range(3).map((i) => wanted(`a${i}`, "t")),
    wanted("all", "w"),
    // In another order, and not all of them.
    ...[2, 0].map((i) => wanted(`b${i}`, "u", [`a${i}`, "all"])),
    ...[0, 2].map((i) => wanted(`c${i}`, "v", [`b${i}`])),
  ];
  assert.deepEqual(await arrays(all), [
    "a0@0 a1@1 a2@2",
    "all@0",
    "b2@2 b0@0 corr 0 ok 1:0",
    "c0@0 c2@2 corr 2",
  ]);
});

Deno.test("submitArrays() divides a family by what its members wait for", async () => {
  const all = [
    ...range(2).map((i) => wanted(`a${i}`, "t")),
    ...["w", "x"].map((name) => wanted(name, "u", ["a0"])),
    ...["y", "z"].map((name) => wanted(name, "u", ["a1"])),
  ];
  assert.deepEqual(await arrays(all), ["a0@0 a1@1", "w@0 x@1 ok 0:0", "y@0 z@1 ok 0:1"]);
});

Deno.test("submitArrays() lets all of a family wait for all where too many sets would differ", async () => {
  const all = [
    ...range(20).map((i) => wanted(`a${i}`, "t")),
    ...range(20).map((i) => wanted(`b${i}`, "u", [`a${i}`, `a${(i + 1) % 20}`])),
  ];
  const [, second, ...more] = await arrays(all);
  assert.deepEqual(more, []);
  assert.match(second ?? "", /^b0@0 .* b19@19 ok 0:/);
});

Deno.test("submitArrays() makes no array larger than is allowed, and keeps what corresponds", async () => {
  const all = [
    ...range(5).map((i) => wanted(`a${i}`, "t")),
    ...range(5).map((i) => wanted(`b${i}`, "u", [`a${i}`])),
  ];
  assert.deepEqual(await arrays(all, 2), [
    "a0@0 a1@1",
    "a2@0 a3@1",
    "a4@0",
    "b0@0 b1@1 corr 0",
    "b2@0 b3@1 corr 1",
    "b4@0 ok 2:0",
  ]);
});

Deno.test("submitArrays() waits for jobs that are there already, and for nothing that is done", async () => {
  const placed = new Map([["a" as TargetName, { array: "old", index: 7 }]]);
  const all = [wanted("b", "u", ["a"]), wanted("c", "v", ["done"])];
  assert.deepEqual(await arrays(all, 1000, placed), ["b@0 ok old:7", "c@0"]);
});
