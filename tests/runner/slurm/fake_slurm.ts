/**
 * Slurm's commands as shell scripts in a folder: what becomes of the nth array that is submitted is
 * the nth word of a list: a state of the queue, `RUN`, which runs the job here, `REFUSE` or `BUSY`.
 *
 * @module
 */
import { join } from "@std/path";

const SBATCH = `#!/bin/sh
dir=$(dirname "$0")
n=$(($(ls "$dir" | grep -c '^args\\.') + 1))
cat > "$dir/script.$n"
printf '%s\\n' "$@" > "$dir/args.$n"
value() { sed -n "s/^--$1=//p" "$dir/args.$n"; }
word=$(sed -n "\${n}p" "$dir/plan")
row() { echo "\${n}_0|10$n|$1|$2|node$n|1G|$(value job-name)|$(value comment)" > "$dir/queue.$n"; }
case $word in
  REFUSE) echo "sbatch: error: invalid partition specified: nope" >&2; exit 1 ;;
  BUSY) echo "sbatch: error: Unable to contact slurm controller (connect failure)" >&2; exit 1 ;;
  GONE) ;;
  RUN)
    row RUNNING None
    log=$(value output | sed "s/%a/0/")
    (cd "$(value chdir)" && SLURM_ARRAY_TASK_ID=0 SLURM_JOB_ID=10$n sh "$dir/script.$n" > "$log" 2>&1
     row COMPLETED None) > /dev/null 2>&1 & ;;
  DEPENDENCY) row CANCELLED DependencyNeverSatisfied ;;
  *) row "$word" None ;;
esac
echo "$n"
`;

const SQUEUE = `#!/bin/sh
dir=$(dirname "$0")
echo "squeue" >> "$dir/asked"
[ -e "$dir/silent" ] && { echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; }
cat "$dir"/queue.* 2>/dev/null
exit 0
`;

const SACCT = `#!/bin/sh
dir=$(dirname "$0")
echo "sacct" >> "$dir/asked"
case " $* " in *" -c "*) file=finished ;; *) file=accounted ;; esac
[ -e "$dir/$file" ] || { echo "Slurm accounting storage is disabled" >&2; exit 1; }
cat "$dir/$file"
`;

const SCONTROL = `#!/bin/sh
dir=$(dirname "$0")
[ "$2" = config ] && { echo "MaxArraySize            = 1001"; exit 0; }
echo "scontrol" >> "$dir/asked"
cat "$dir/controlled" 2>/dev/null || { echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1; }
`;

/** A fake Slurm, in force while it lives. */
export class FakeSlurm implements Disposable {
  readonly #folder: string;
  readonly #path: string;

  /** @param words What becomes of the arrays, in the order in which they are submitted. */
  constructor(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
    this.#folder = Deno.makeTempDirSync({ prefix: "fake-slurm-" });
    this.#path = Deno.env.get("PATH") ?? "";
    const commands = { sbatch: SBATCH, squeue: SQUEUE, sacct: SACCT, scontrol: SCONTROL };
    for (const [name, text] of Object.entries(commands)) {
      Deno.writeTextFileSync(join(this.#folder, name), text, { mode: 0o755 });
    }
    this.write("plan", words.join("\n"));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    Deno.env.set("PATH", `${this.#folder}:${this.#path}`);
  }

  write(name: string, text: string): void {
    Deno.writeTextFileSync(join(this.#folder, name), `${text}\n`);
  }

  /** The arguments of each sbatch. */
  get submitted(): string[] {
    return this.#files("args.");
  }

  /** The scripts given to each sbatch. */
  get scripts(): string[] {
    return this.#files("script.");
  }

  /** The queries that were made. */
  get asked(): string[] {
    try {
      return Deno.readTextFileSync(join(this.#folder, "asked")).trim().split("\n");
    } catch {
      return [];
    }
  }

  #files(prefix: string): string[] {
    return [...Deno.readDirSync(this.#folder)].map(({ name }) => name)
      .filter((name) => name.startsWith(prefix)).sort()
      .map((name) => Deno.readTextFileSync(join(this.#folder, name)));
  }

  [Symbol.dispose](): void {
    Deno.env.set("PATH", this.#path);
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
