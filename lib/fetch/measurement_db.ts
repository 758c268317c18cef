import { InputError, UnavailableError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { StatusError } from "./download.ts";
import type { Wanted } from "./fetch_all.ts";
import { apiFetch, type RetryOptions } from "./http.ts";

/** A data set on the hub. */
export interface Dataset {
  /** Such as `https://huggingface.co`. */
  readonly hub: string;
  /** Such as `aims-foundations/measurement-db`. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

/** The response table of a benchmark, in one file or in several. */
const TABLE = /(^|\/)(responses?([-_.][^/]*)?\.parquet|responses?\/[^/]+\.parquet)$/;

/**
 * Finds the files of responses of some benchmarks, all of one commit.
 *
 * Assumed of the repository, as its documents say: a folder for each benchmark, named by its slug, that
 * holds `responses.parquet`, directly or in a folder such as `formatted_tables`; or `SLUG.parquet`.
 * Where several folders hold one, the one nearest to the benchmark's is taken.
 *
 * @param dataset Where.
 * @param benchmarks The slugs.
 * @param base The fetch to be used; it adds the token.
 * @param options How to retry.
 * @throws {HubError} When the hub refuses.
 * @throws {InputError} When a benchmark is not there; it names those that are.
 */
export async function findTables(
  dataset: Dataset,
  benchmarks: readonly string[],
  base: typeof fetch,
  options: RetryOptions = {},
): Promise<{ readonly commit: string; readonly files: readonly Wanted[] }> {
  const { datasetInfo, listFiles } = await import("@huggingface/hub");
  const fetch = apiFetch(base, options);
  const { hub: hubUrl, repository, revision } = dataset;
  try {
    const { sha } = await datasetInfo({
      name: repository,
      revision,
      additionalFields: ["sha"],
      hubUrl,
      fetch,
    });
    if (typeof sha !== "string" || !/^[0-9a-f]{40}$/.test(sha)) {
      throw new UnavailableError(
        `Cannot use ${repository}: the hub names no commit of ${revision}`,
      );
    }
    const list = async (path: string | undefined): Promise<readonly ListedFile[]> => {
      const repo = { type: "dataset", name: repository } as const;
      const recursive = path !== undefined;
      const found = listFiles({
        repo,
        revision: sha,
        recursive,
        hubUrl,
        fetch,
        ...(path && { path }),
      });
      return await Array.fromAsync(found);
    };
    const top = await list(undefined);
    const files: Wanted[] = [];
    for (const benchmark of benchmarks) {
      const known = top.some(({ type, path }) => type === "directory" && path === benchmark);
      const inside = known ? await list(encodeURIComponent(benchmark)) : [];
      const tables = nearestTables(inside.length > 0 ? inside : top, benchmark);
      if (tables.length === 0) throw absent(benchmark, top, dataset);
      files.push(...tables.map(({ path, size, lfs }) => ({
        name: path,
        url: `${hubUrl}/datasets/${repository}/resolve/${sha}/` +
          path.split("/").map(encodeURIComponent).join("/"),
        size: lfs?.size ?? size,
        ...(lfs && { sha256: lfs.oid }),
        benchmark,
      })));
    }
    return { commit: sha, files };
  } catch (error) {
    throw describeHubError(error, dataset);
  }
}

interface ListedFile {
  readonly type: string;
  readonly path: string;
  readonly size: number;
  readonly lfs?: { readonly oid: string; readonly size: number };
}

function nearestTables(listed: readonly ListedFile[], benchmark: string): readonly ListedFile[] {
  const inside = listed.filter(({ type, path }) =>
    type === "file" && !path.split("/").includes("..") &&
    (path === `${benchmark}.parquet` ||
      (path.startsWith(`${benchmark}/`) && TABLE.test(path) && !path.includes("/raw/")))
  );
  const depth = ({ path }: ListedFile): number => path.split("/").length;
  const least = Math.min(...inside.map(depth));
  return inside.filter((file) => depth(file) === least)
    .toSorted((a, b) => a.path < b.path ? -1 : 1);
}

function absent(
  benchmark: string,
  top: readonly ListedFile[],
  { repository }: Dataset,
): InputError {
  const slugs = top.filter(({ type, path }) => type === "directory" && /^[a-z0-9]/i.test(path))
    .map(({ path }) => path);
  const near = nearest(benchmark, slugs);
  const shown = slugs.slice(0, 12).join(", ") + (slugs.length > 12 ? ", …" : "");
  const rest = near === "" ? `; it has ${shown || "no folders"}` : near;
  return new InputError(`Cannot fetch ${benchmark}: ${repository} has no responses of it${rest}`);
}

/** Why the hub refuses: the data set is not shown, gated, or not there. */
export class HubError extends InputError {
  readonly refusal: "hidden" | "gated" | "absent";

  constructor(message: string, refusal: HubError["refusal"]) {
    super(message);
    this.refusal = refusal;
  }
}

/**
 * An error of the hub, or of what it answers, in words.
 *
 * @param error What was thrown.
 * @param dataset What was asked for.
 */
export function describeHubError(error: unknown, { hub, repository, revision }: Dataset): unknown {
  const { status, code } = statusOf(error);
  const failed = `Cannot fetch ${repository}:`;
  const page = `See ${hub}/datasets/${repository}.`;
  if (status === 401 || (status === 404 && code === "RepoNotFound")) {
    const message =
      `${failed} the hub does not show it (status ${status}); it may be private. ${page}`;
    return new HubError(message, "hidden");
  }
  if (status === 403) {
    return new HubError(`${failed} access is gated (status 403). ${page}`, "gated");
  }
  if (status === 404) {
    const message =
      `${failed} there is no such repository, or no revision ${revision} (status 404).`;
    return new HubError(message, "absent");
  }
  if (status !== undefined) {
    return new UnavailableError(`${failed} the hub answers with status ${status}`);
  }
  const isOfAnswer = error instanceof SyntaxError || error instanceof TypeError;
  return isOfAnswer ? new UnavailableError(`${failed} the hub's answer cannot be read`) : error;
}

function statusOf(
  error: unknown,
): { readonly status: number | undefined; readonly code: string | null } {
  if (error instanceof StatusError) return { status: error.status, code: error.code };
  // The hub's client throws its own error, with the status.
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return { status: typeof status === "number" ? status : undefined, code: null };
}
