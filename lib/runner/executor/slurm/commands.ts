import { UnavailableError } from "../../../base/errors.ts";

/** How a command of Slurm ended. */
export interface CommandResult {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

/** A command that has not answered by then is given up, in ms. */
const MAX_TIME = 60_000;

/** What a job inherits of the environment: no secret. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|SLURM_CONF|SLURM_CLUSTERS|SBATCH_\w+)$/;

/**
 * Runs a command of Slurm.
 *
 * @param command Such as `squeue`.
 * @param args Its arguments.
 * @param script For standard input; with it, the environment is the little that a job inherits.
 * @throws {UnavailableError} When the machine does not have it.
 */
export async function slurm(
  command: string,
  args: readonly string[],
  script?: string,
): Promise<CommandResult> {
  const inherited = Object.entries(Deno.env.toObject()).filter(([name]) => INHERITED.test(name));
  try {
    const child = new Deno.Command(command, {
      args: [...args],
      ...(script === undefined ? {} : { clearEnv: true, env: Object.fromEntries(inherited) }),
      stdin: script === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(MAX_TIME),
    }).spawn();
    if (script !== undefined) await send(child, script);
    const { success, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { success, out: decoder.decode(stdout), err: decoder.decode(stderr).trim() };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    const remedy = "run this where Slurm's commands are, such as a login node of the cluster";
    throw new UnavailableError(`There is no ${command} on this machine: ${remedy}`);
  }
}

async function send({ stdin }: Deno.ChildProcess, text: string): Promise<void> {
  const writer = stdin.getWriter();
  // A command that ends without reading says why itself.
  await writer.write(new TextEncoder().encode(text)).catch(() => {});
  await writer.close().catch(() => {});
}
