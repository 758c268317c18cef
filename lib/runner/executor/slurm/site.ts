import { statfsSync } from "node:fs";
import { UnavailableError } from "../../../base/errors.ts";
import { slurm } from "./commands.ts";

/** One thing that a site has, lacks, or has in a way that one should know. */
export interface Finding {
  readonly kind: "has" | "lacks" | "note";
  readonly message: string;
}

/** Types of file systems that several machines share, as Linux numbers them. */
const SHARED: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x0bd00bd0: "Lustre",
  0x47504653: "GPFS",
  0x19830326: "BeeGFS",
  0x00c36400: "Ceph",
  0xff534d42: "CIFS",
  0x517b: "SMB",
  0xfe534d42: "SMB 2",
  0x65735546: "FUSE",
  0x01021997: "9P",
};

/**
 * What a site of Slurm has and lacks for jobs of a project.
 *
 * @param root Folder of the project, absolute.
 */
export async function inspectSite(root: string): Promise<Finding[]> {
  const version = await ask("sbatch", ["--version"]);
  if (version === undefined) {
    const message = "sbatch: run this where Slurm's commands are, such as a login node";
    return [{ kind: "lacks", message }];
  }
  const config = await ask("scontrol", ["show", "config"]);
  if (config === undefined) {
    const message = "an answer of Slurm's controller; is SLURM_CONF right, and slurmctld up?";
    return [has(version.trim()), { kind: "lacks", message }];
  }
  const setting = (name: string): string =>
    new RegExp(`^${name}\\s*=\\s*(.*?)\\s*$`, "m").exec(config)?.[1] ?? "";
  return [
    has(`${version.trim()}, cluster ${setting("ClusterName")}`),
    has(`arrays of up to ${Number(setting("MaxArraySize")) - 1} jobs (MaxArraySize)`),
    has(`${setting("MaxJobCount")} jobs at once, for all users (MaxJobCount)`),
    await accounting(setting("MinJobAge")),
    memory(setting("TaskPlugin"), setting("JobAcctGatherParams")),
    ...await partitions(),
    await dryRun(),
    fileSystem("the project", root),
    fileSystem("deno", Deno.execPath()),
  ];
}

function has(message: string): Finding {
  return { kind: "has", message };
}

async function accounting(age: string): Promise<Finding> {
  if (await ask("sacct", ["-X", "-n", "-P"]) !== undefined) return has("accounting (sacct)");
  const finished = await ask("sacct", ["-c", "-n", "-P"]) === undefined ? "" : "sacct -c and ";
  const message =
    `no accounting: what ended a job is known only from ${finished}the controller, which ` +
    `forgets it after ${age} (MinJobAge)`;
  return { kind: "note", message };
}

function memory(plugin: string, params: string): Finding {
  if (plugin.includes("cgroup")) return has("limits of memory, by control groups");
  if (params.includes("OverMemoryKill")) return has("limits of memory, checked now and then");
  const message = "Slurm ends no job for its memory; resources.memory still acts within the job";
  return { kind: "note", message };
}

async function partitions(): Promise<Finding[]> {
  const lines = await ask("sinfo", ["-h", "-o", "%P|%a|%l|%D|%c|%m|%G"]);
  const rows = lines?.split("\n").filter((line) => line !== "") ?? [];
  if (rows.length === 0) return [{ kind: "lacks", message: "partitions (sinfo shows none)" }];
  return rows.map((row) => {
    const [name, state, time, nodes, cpus, memory, gres = ""] = row.split("|");
    const gpus = gres.includes("gpu") ? `, ${gres}` : ", no GPU";
    const message = `partition ${name}: ${nodes} nodes of ${cpus} CPUs and ${memory} MB${gpus}; ` +
      `time limit ${time}`;
    return state === "up" ? has(message) : { kind: "note", message: `${message}; it is ${state}` };
  });
}

/** Whether a job would be taken: a site may ask for an account, a time or a partition. */
async function dryRun(): Promise<Finding> {
  const { success, err } = await slurm("sbatch", ["--test-only"], "#!/bin/sh\n");
  if (success) return has("a queue that takes jobs without further options");
  const said = err.replaceAll(/^(sbatch|allocation failure): (error: )?/gm, "").replaceAll(
    "\n",
    "; ",
  );
  const remedy = "set resources.slurm, or SBATCH_ACCOUNT, SBATCH_PARTITION, SBATCH_TIMELIMIT";
  return { kind: "note", message: `jobs without further options are refused: ${said}; ${remedy}` };
}

function fileSystem(what: string, path: string): Finding {
  const type = SHARED[statfsSync(path).type];
  if (type !== undefined) return has(`${what} on a file system that machines can share: ${type}`);
  const message = `${path} is on a file system of this machine: nodes must see it under that path`;
  return { kind: "note", message };
}

/** What a command prints; undefined where it is missing or fails. */
async function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, out } = await slurm(command, args);
    return success ? out : undefined;
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}
