import { join } from "@std/path";
import { z } from "zod";
import { InputError, UnavailableError } from "../lib/base/errors.ts";
import { type BundledFile, writeBundle } from "../lib/fetch/bundle.ts";
import { StatusError } from "../lib/fetch/download.ts";
import { fetchAll } from "../lib/fetch/fetch_all.ts";
import { guardedFetch, hostOf, reportWaits } from "../lib/fetch/http.ts";
import { MMLU_PRO } from "../lib/responses/mmlu_pro.ts";
import MMLU_PRO_FILES from "../lib/responses/mmlu_pro_files.json" with { type: "json" };
import { digestOfFile } from "../lib/base/digest.ts";
import { defineTask, type InputFile } from "../lib/runner/task.ts";

export default defineTask({
  description: "Fetches the files of MMLU-Pro's results, or takes those of a folder",
  params: z.object({
    url: z.url({ protocol: /^https?$/ }),
    revision: z.string().regex(/^[0-9a-f]{40}$/, "a commit: 40 hexadecimal digits"),
    strict: z.boolean(),
  }),
  inputs: { zips: { kind: "zip", optional: true, folder: true } },
  outputs: { bundle: { kind: "zip" } },
  network: ({ url }) => [hostOf(url)],
  async run({ params, inputs, outputs, downloads = "", progress, warn }): Promise<void> {
    if (inputs.zips !== undefined) {
      const { files, paths } = await ownFiles(inputs.zips);
      const manifest = { origin: inputs.zips.name, revision: null, files, absent: [] };
      return await writeBundle(outputs.bundle, manifest, paths);
    }
    const base = params.url.replace(/\/+$/, "");
    const access = { origin: new URL(base).origin, hosts: [], token: undefined };
    const wanted = MMLU_PRO_FILES.map((name) => ({
      name,
      url: `${base}/${params.revision}/eval_results/${encodeURIComponent(name)}`,
      benchmark: MMLU_PRO,
    }));
    const { files, paths, absent } = await fetchAll(wanted, {
      fetch: guardedFetch(access),
      downloads,
      progress,
      onWait: reportWaits(warn),
      onChanged: warn,
      onRefused: ({ name }, error) => {
        if (error instanceof UnavailableError) {
          const other = "Or get the zips otherwise, and give their folder";
          throw new UnavailableError(`${error.message} ${other}: --set responses.path=FOLDER`);
        }
        if (!(error instanceof StatusError)) throw error;
        const reason = `${new URL(base).host} refuses it (${error.message})`;
        if (params.strict) throw new InputError(`Cannot fetch ${name}: ${reason}`);
        warn(`${name} is left out: ${reason}`);
        return reason;
      },
    });
    if (files.length === 0) {
      throw new InputError(
        `Cannot fetch MMLU-Pro: none of its ${wanted.length} files is at ${base}, commit ` +
          `${params.revision}. Check mmlu_pro.url and mmlu_pro.revision, or give a folder of the ` +
          "zips: --set responses.path=FOLDER",
      );
    }
    await writeBundle(outputs.bundle, {
      origin: base,
      revision: params.revision,
      files,
      absent,
    }, paths);
  },
});

async function ownFiles(
  { path, name }: InputFile,
): Promise<{ readonly files: readonly BundledFile[]; readonly paths: readonly string[] }> {
  const isFolder = (await Deno.stat(path)).isDirectory;
  const names = isFolder
    ? (await Array.fromAsync(Deno.readDir(path))).map((entry) => entry.name)
      .filter((file) => /^[^.].*\.zip$/i.test(file)).sort()
    : [name.replace(/^.*[/\\]/, "")];
  if (names.length === 0) {
    throw new InputError(
      `Cannot use ${name}: the folder holds no .zip. Give one of MMLU-Pro's zips.`,
    );
  }
  const paths = names.map((file) => isFolder ? join(path, file) : path);
  const files = await Promise.all(names.map(async (file, i): Promise<BundledFile> => ({
    name: file,
    url: null,
    size: (await Deno.stat(paths[i]!)).size,
    sha256: await digestOfFile(paths[i]!),
    benchmark: MMLU_PRO,
  })));
  return { files, paths };
}
