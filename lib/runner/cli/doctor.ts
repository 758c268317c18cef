import { join } from "@std/path";
import { formatBytes } from "../../base/format_bytes.ts";
import { gpus } from "../executor/gpus.ts";
import type { Finding } from "../executor/slurm/site.ts";
import type { Project } from "../project.ts";
import type { Command } from "./command.ts";
import { write } from "./output.ts";

/** What stands before a finding. */
const MARKS: Readonly<Record<Finding["kind"], string>> = {
  has: "has  ",
  lacks: "LACKS",
  note: "note ",
};

/** `doctor`: shows what this machine or a site has and lacks; exits with 1 if something is lacking. */
export const doctor: Command = async (project, { executor }) => {
  const findings = inspectMachine(project);
  if (executor === "slurm") {
    const { inspectSite } = await import("../executor/slurm/site.ts");
    findings.push(...await inspectSite(project.root));
  }
  write(findings.map(({ kind, message }) => `${MARKS[kind]}  ${message}\n`).join(""));
  return findings.some(({ kind }) => kind === "lacks") ? 1 : 0;
};

function inspectMachine({ root, gpuEnv }: Project): Finding[] {
  const { total } = Deno.systemMemoryInfo();
  const count = gpus(gpuEnv).length;
  const has = (message: string): Finding => ({ kind: "has", message });
  return [
    has(`deno ${Deno.version.deno} on ${Deno.build.os} ${Deno.build.arch}, ${Deno.execPath()}`),
    has(`${navigator.hardwareConcurrency} CPUs, ${formatBytes(total)} of memory, ${count} GPUs`),
    exists(join(root, "node_modules"))
      ? has("the packages, in node_modules")
      : { kind: "note", message: "no node_modules: packages come from Deno's cache" },
  ];
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
