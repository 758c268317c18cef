import { join } from "@std/path";
import { z } from "zod";
import { digestOfFile } from "../lib/base/digest.ts";
import { InputError, UnavailableError } from "../lib/base/errors.ts";
import { type BundledFile, writeBundle } from "../lib/fetch/bundle.ts";
import { StatusError } from "../lib/fetch/download.ts";
import { fetchAll } from "../lib/fetch/fetch_all.ts";
import { guardedFetch, hostOf, reportWaits } from "../lib/fetch/http.ts";
import { listFolder } from "../lib/base/list_folder.ts";
import { defineTask, type InputFile, type Task } from "../lib/runner/task.ts";

/** Public results that stand in a repository as files, at a pinned commit. */
export interface PublicResults {
  /** What they are called in messages. */
  readonly name: string;
  /** The benchmark's slug. */
  readonly benchmark: string;
  /** Its section under params in workflow.yaml, with url and revision. */
  readonly section: string;
  /** The folder in the repository, and the paths of the files in it. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Which files are taken of a folder of one's own. */
  readonly own: RegExp;
  /** What a folder of one's own holds, such as `the zips`. */
  readonly what: string;
  /** How much is fetched, such as `about 50 MB`. */
  readonly size: string;
  readonly licence: string;
  /** What is read of the files. */
  readonly reads: string;
}

const PARAMS = z.object({
  url: z.url({ protocol: /^https?$/ }),
  revision: z.string().regex(/^[0-9a-f]{40}$/, "a commit: 40 hexadecimal digits"),
  strict: z.boolean(),
});

/** Most files whose absence is reported one by one. */
const MAX_TOLD = 50;

/** Declares a task that fetches public results, or takes those of a folder. */
export function publicResultsTask(
  results: PublicResults,
): Task<typeof PARAMS, "own", "bundle"> {
  const { name, benchmark, section, folder, files: wantedFiles, what } = results;
  return defineTask({
    description: `Fetches the files of ${name}'s results, or takes those of a folder`,
    params: PARAMS,
    inputs: { own: { kind: "results", optional: true, folder: true } },
    outputs: { bundle: { kind: "zip" } },
    network: ({ url }) => [hostOf(url)],
    async run({ params, inputs, outputs, downloads = "", progress, warn }): Promise<void> {
      if (inputs.own !== undefined) {
        const { files, paths } = await ownFiles(inputs.own, results);
        const manifest = { origin: inputs.own.name, revision: null, files, absent: [] };
        return await writeBundle(outputs.bundle, manifest, paths);
      }
      const base = params.url.replace(/\/+$/, "");
      const { host, origin } = new URL(base);
      warn(noticeOf(results, host), "once");
      const wanted = wantedFiles.map((file) => ({
        name: file,
        url: [base, params.revision, folder, ...file.split("/").map(encodeURIComponent)].join("/"),
        benchmark,
      }));
      let refused = 0;
      const { files, paths, absent } = await fetchAll(wanted, {
        fetch: guardedFetch({ origin, hosts: [], token: undefined }),
        downloads,
        progress,
        onWait: reportWaits(warn),
        onChanged: warn,
        onRefused: (file, error) => {
          if (error instanceof UnavailableError) {
            const other = `Or get ${what} otherwise, and give their folder`;
            throw new UnavailableError(`${error.message} ${other}: --set responses.path=FOLDER`);
          }
          if (!(error instanceof StatusError)) throw error;
          const reason = `${host} refuses it (${error.message})`;
          if (params.strict) throw new InputError(`Cannot fetch ${file.name}: ${reason}`);
          if (refused++ < MAX_TOLD) warn(`${file.name} is left out: ${reason}`);
          return reason;
        },
      });
      if (files.length === 0) {
        throw new InputError(
          `Cannot fetch ${name}: none of its ${wanted.length} files is at ${base}, commit ` +
            `${params.revision}. Check ${section}.url and ${section}.revision, or give a folder ` +
            `of ${what}: --set responses.path=FOLDER`,
        );
      }
      if (refused > MAX_TOLD) warn(`and ${refused - MAX_TOLD} more files are left out like these`);
      const manifest = { origin: base, revision: params.revision, files, absent };
      await writeBundle(outputs.bundle, manifest, paths);
    },
  });
}

/** The notice before anything is fetched. */
function noticeOf({ name, files, size, licence, reads }: PublicResults, host: string): string {
  const count = files.length === 1 ? "1 file" : `${files.length} files`;
  return `fetching ${count} of ${name} from ${host}: ${size}. Licence: ${licence}. They are kept ` +
    `in cache/ on this machine and sent nowhere; read of them are ${reads}`;
}

async function ownFiles(
  { path, name }: InputFile,
  { benchmark, own, what }: PublicResults,
): Promise<{ readonly files: readonly BundledFile[]; readonly paths: readonly string[] }> {
  const isFolder = (await Deno.stat(path)).isDirectory;
  const names = isFolder
    ? (await listFolder(path)).filter((file) => own.test(file))
    : [name.replace(/^.*[/\\]/, "")];
  if (names.length === 0) {
    throw new InputError(
      `Cannot use ${name}: the folder does not hold ${what}. Give one that does.`,
    );
  }
  const paths = names.map((file) => isFolder ? join(path, file) : path);
  const files = await Promise.all(names.map(async (file, i): Promise<BundledFile> => ({
    name: file,
    url: null,
    size: (await Deno.stat(paths[i]!)).size,
    sha256: await digestOfFile(paths[i]!),
    benchmark,
  })));
  return { files, paths };
}
