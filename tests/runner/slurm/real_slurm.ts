import { join } from "@std/path";
import { shared, sharedPath } from "../../support.ts";

/** Whether a real Slurm can be started here: as root, with its programs, by `shared/slurm`. */
export const HAS_SLURM = shared("slurm/start") && Deno.uid() === 0 &&
  ["slurmctld", "slurmd", "munged", "sbatch"].every(isInstalled);

function isInstalled(program: string): boolean {
  return ["/usr/bin", "/usr/sbin"].some((folder) => {
    try {
      return Deno.statSync(join(folder, program)).isFile;
    } catch {
      return false;
    }
  });
}

/** A one-node Slurm of its own, in force while it lives. */
export class RealSlurm implements AsyncDisposable {
  readonly #folder: string;
  readonly #ports: Readonly<Record<string, string>>;

  private constructor(folder: string, ports: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  static async start(): Promise<RealSlurm> {
    const folder = join(await Deno.makeTempDir({ prefix: "slurm-" }), "slurm");
    const port = 20000 + Math.floor(Math.random() * 20000);
    const ports = { SLURM_CTLD_PORT: String(port), SLURM_D_PORT: String(port + 1) };
    const slurm = new RealSlurm(folder, ports);
    await slurm.#do(sharedPath("slurm/start"), folder);
    Deno.env.set("SLURM_CONF", join(folder, "slurm.conf"));
    return slurm;
  }

  /** Ends the controller and starts it again, with what it knew. */
  async restartController(): Promise<void> {
    const pid = Number(await Deno.readTextFile(join(this.#folder, "run", "slurmctld.pid")));
    Deno.kill(pid, "SIGTERM");
    for (let alive = true; alive;) {
      await new Promise((done) => setTimeout(done, 100));
      const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => ") Z");
      alive = !stat.includes(") Z");
    }
    await this.#do("slurmctld", "-f", join(this.#folder, "slurm.conf"));
  }

  async scancel(id: string): Promise<void> {
    await this.#do("scancel", id);
  }

  /** The jobs that the controller knows, the oldest first, as `id|state`. */
  async jobs(): Promise<string[]> {
    const out = await this.#do("squeue", "-h", "-r", "-t", "all", "-o", "%i|%T");
    return out.trim().split("\n").sort((a, b) => parseInt(a) - parseInt(b));
  }

  async #do(command: string, ...args: string[]): Promise<string> {
    // A daemon that goes on would keep a pipe open.
    const out = await Deno.makeTempFile();
    const { success } = await new Deno.Command("sh", {
      args: ["-c", 'out=$1; shift; exec "$@" > "$out" 2>&1', "sh", out, command, ...args],
      env: this.#ports,
    }).output();
    const text = await Deno.readTextFile(out);
    await Deno.remove(out);
    if (!success) throw new Error(`${command} ${args.join(" ")}: ${text}`);
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#do(sharedPath("slurm/stop"), this.#folder);
    Deno.env.delete("SLURM_CONF");
    await Deno.remove(this.#folder, { recursive: true }).catch(() => {});
  }
}
