/**
 * Says where the processor goes in a cold `reproduce`, and how much memory its processes take together:
 * runs it in a copy of this project, then each of its tasks again in a process of its own with marks
 * between the phases. Prints Markdown. For Linux, whose /proc it reads.
 *
 *     deno run -A bench/profile.ts
 *
 * @module
 */
import { basename, fromFileUrl, join } from "@std/path";
import { copyProject } from "../tests/copy_project.ts";

/** Packages that are loaded before the task, one after the other; what one needs of another is its own. */
const PACKAGES = [
  ...["zod", "fflate", "seedrandom", "ml-matrix", "numjs", "@bufbuild/protobuf", "onnx-buf"],
  ...["onnxruntime-node", "jsdom", "@observablehq/plot", "pdf-lib", "@pdf-lib/fontkit"],
];
const TICKS = 100; // a second, on Linux
const SAMPLE_MS = 50;

interface Record {
  readonly target: string;
  readonly manifest: {
    readonly task: string;
    readonly packages: { readonly [name: string]: string };
    readonly params: unknown;
    readonly inputs: { readonly [name: string]: string };
  };
  readonly outputs: { readonly [name: string]: { readonly path: string; readonly digest: string } };
}

// deno-lint-ignore no-console -- this is what it is for
const print = (text: string): void => console.log(text);

/** Processor seconds of all children that ended. */
function ofChildren(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** A process's share of memory and that of all that it started, in bytes. */
function memoryOf(pid: number): number {
  try {
    const rollup = Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`);
    const own = 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    const tasks = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => name);
    const children = tasks.flatMap((task) =>
      Deno.readTextFileSync(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean)
    );
    return children.reduce((sum, child) => sum + memoryOf(Number(child)), own);
  } catch {
    return 0; // It ended meanwhile.
  }
}

const root = await copyProject();
try {
  const before = ofChildren();
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "reproduce"],
    cwd: root,
    stdout: "null",
    stderr: "null",
  }).spawn();
  let most = 0;
  const sampler = setInterval(() => most = Math.max(most, memoryOf(child.pid)), SAMPLE_MS);
  const { success } = await child.status;
  clearInterval(sampler);
  if (!success) throw new Error("reproduce failed");
  const [wall, total] = [(performance.now() - began) / 1000, ofChildren() - before];

  const folder = join(root, "cache", "records");
  const records = [...Deno.readDirSync(folder)].map(({ name }) =>
    JSON.parse(Deno.readTextFileSync(join(folder, name))) as Record
  );
  const pathOf = new Map(
    records.flatMap(({ outputs }) => Object.values(outputs).map((o) => [o.digest, o.path])),
  );
  const phases = new Map<string, number>();
  const add = (phase: string, seconds: number): void => {
    phases.set(phase, (phases.get(phase) ?? 0) + seconds);
  };
  for (const { target, manifest: { task, packages, params, inputs } } of records) {
    const files = Object.entries(inputs).map(([name, digest]) => {
      const path = pathOf.get(digest) ?? "";
      return [name, { path: join(root, path), name: path, digest }];
    });
    const used = new Set(Object.keys(packages).map((name) => name.replace(/(?<=.)@.*/, "")));
    const given = { params, inputs: Object.fromEntries(files), folder: root, target, task };
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check"],
        fromFileUrl(import.meta.resolve("./profile_task.ts")),
        JSON.stringify({ ...given, packages: PACKAGES.filter((name) => used.has(name)) }),
      ],
      cwd: root,
    }).output();
    const printed = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
    if (!printed.startsWith("[")) throw new Error(new TextDecoder().decode(stderr));
    const kind = basename(task).startsWith("fig_") ? "drawing and writing a figure" : "";
    for (const [phase, seconds] of JSON.parse(printed) as [string, number][]) {
      add(phase === "run" ? kind || `computing: ${basename(task, ".ts")}` : phase, seconds);
    }
  }
  const ofTasks = [...phases.values()].reduce((sum, seconds) => sum + seconds, 0);
  add("the runner, and its start of processes", total - ofTasks);
  print(
    `${records.length} targets, cold: ${wall.toFixed(1)} s, ${
      total.toFixed(1)
    } s of the processor, ` +
      `at most ${Math.round(most / 2 ** 20)} MiB in all processes together.\n`,
  );
  print("| phase | processor seconds | share |\n| --- | ---: | ---: |");
  for (const [phase, seconds] of [...phases].sort(([, a], [, b]) => b - a)) {
    print(`| ${phase} | ${seconds.toFixed(2)} | ${Math.round((100 * seconds) / total)} % |`);
  }
} finally {
  await Deno.remove(root, { recursive: true });
}
