import { InputError } from "../../base/errors.ts";
import { runJob } from "../executor/slurm/node.ts";
import type { Project } from "../project.ts";
import { INTERRUPTED, interruptible } from "./interrupt.ts";
import { write } from "./output.ts";

/**
 * `node RUN ARRAY INDEX`: does one job, on a node of a cluster; only jobs run this.
 *
 * @param project The project.
 * @param args The run, the number of the array, and the index in it.
 */
export async function node(project: Project, args: readonly string[]): Promise<number> {
  if (args.length !== 3) throw new InputError("Only the jobs of a cluster run node");
  return await interruptible(async (signal) => {
    const code = await runJob(project, args, signal, (line) => write(`${line}\n`));
    return signal.aborted ? INTERRUPTED : code;
  });
}
