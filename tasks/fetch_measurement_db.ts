import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";
import { formatBytes } from "../lib/base/format_bytes.ts";
import { writeBundle } from "../lib/fetch/bundle.ts";
import { fetchAll } from "../lib/fetch/fetch_all.ts";
import { guardedFetch, hostOf, reportWaits } from "../lib/fetch/http.ts";
import { describeHubError, findTables, HubError } from "../lib/fetch/measurement_db.ts";
import { defineTask } from "../lib/runner/task.ts";

/** What to do where the hub refuses. */
const REMEDIES: Readonly<Record<HubError["refusal"], string>> = {
  hidden: "Set HF_TOKEN to a token of an account that may read it, or log in (hf auth login).",
  gated: "Ask for access there, with the account whose token HF_TOKEN holds; then run again.",
  absent: "Check measurement_db.repository and measurement_db.revision, and that the account of " +
    "HF_TOKEN may read it.",
};

const slug = z.string().regex(/^[\w-]+$/, "a benchmark's slug, such as mmlupro");

export default defineTask({
  description: "Fetches response tables of measurement-db from the Hugging Face Hub",
  params: z.object({
    hub: z.url({ protocol: /^https?$/ }),
    content_hosts: z.array(z.string().regex(/^(\*\.)?[\w.-]+(:\d+)?$/, "a host, or *.host")),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "a repository such as owner/name"),
    revision: z.string().regex(/^[\w./-]+$/, "a commit, a branch or a tag"),
    benchmarks: z.array(slug).min(1).nullable(),
    benchmark: slug,
  }),
  inputs: {},
  outputs: { bundle: { kind: "zip" } },
  network: ({ hub, content_hosts }) => [hostOf(hub), ...content_hosts],
  secrets: ["HF_TOKEN"],
  async run({ params, outputs, downloads = "", secrets, progress, log, warn }): Promise<void> {
    const hub = params.hub.replace(/\/+$/, "");
    const dataset = { hub, repository: params.repository, revision: params.revision };
    const fetch = guardedFetch({
      origin: new URL(hub).origin,
      hosts: params.content_hosts,
      token: secrets.HF_TOKEN,
    });
    const onWait = reportWaits(warn);
    const refuse = (error: unknown): never => {
      const cause = describeHubError(error, dataset);
      if (!(cause instanceof HubError)) throw cause;
      throw new InputError(`${cause.message} ${REMEDIES[cause.refusal]}`, { cause });
    };
    const benchmarks = [...new Set(params.benchmarks ?? [params.benchmark])].sort();
    progress(0, `waiting for ${new URL(hub).host}`);
    const { commit, files: wanted } = await findTables(dataset, benchmarks, fetch, { onWait })
      .catch(refuse);
    log(`${params.repository} at ${params.revision} is commit ${commit}`);
    const size = formatBytes(wanted.reduce((sum, file) => sum + (file.size ?? 0), 0));
    const count = wanted.length === 1 ? "1 file" : `${wanted.length} files`;
    warn(
      `fetching ${count} of ${benchmarks.join(", ")} from ${
        new URL(hub).host
      }: ${size}. Licence: ` +
        `each benchmark has its own, see ${hub}/datasets/${params.repository}. They are kept in ` +
        "cache/ on this machine and sent nowhere; read of them are ids and responses",
      "once",
    );
    const { files, paths } = await fetchAll(wanted, {
      fetch,
      downloads,
      progress,
      onWait,
      onChanged: warn,
      onRefused: (_, error) => refuse(error),
    });
    const origin = `${hub}/datasets/${params.repository}`;
    await writeBundle(outputs.bundle, { origin, revision: commit, files, absent: [] }, paths);
  },
});
