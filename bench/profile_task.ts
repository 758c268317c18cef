/**
 * Runs one task as profile.ts asks and prints the processor seconds of each phase as JSON.
 *
 * @module
 */
import { join } from "@std/path";
import process from "node:process";
import type { Task } from "../lib/runner/task.ts";

const { packages, task, target, params, inputs, folder } = JSON.parse(Deno.args[0] ?? "");
const phases: [string, number][] = [];
let last = 0;
function mark(phase: string): void {
  const { user, system } = process.cpuUsage();
  phases.push([phase, (user + system) / 1e6 - last]);
  last = (user + system) / 1e6;
}

mark("start of the processes");
for (const name of packages) {
  await import(name);
  mark(`loading ${name}`);
}
const { default: module } = await import(`../${task}`) as { readonly default: Task };
mark("loading the project's modules");
const outputs = Object.keys(module.outputs).map((name) => [name, join(folder, `profile.${name}`)]);
await module.run({
  ...{ params: module.params!.parse(params), inputs, outputs: Object.fromEntries(outputs) },
  ...{ seed: "profile", downloads: undefined, secrets: {} },
  provenance: { target, task, key: "", software: {} } as never,
  progress: () => {},
  log: () => {},
  warn: () => {},
});
mark("run");
// deno-lint-ignore no-console -- this is what it is for
console.log(JSON.stringify(phases));
