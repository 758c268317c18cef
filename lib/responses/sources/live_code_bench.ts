import { InputError } from "../../base/errors.ts";
import { Observations } from "../observations.ts";
import { bundleReader, readEach } from "../read_bundle.ts";
import { once } from "./chunks.ts";
import { mapOf } from "./each_line_map.ts";
import { eachEntry } from "./json_entries.ts";
import { JsonError, type Keep, PrunedJson } from "./pruned_json.ts";

/** The benchmark's name in measurement-db. */
export const LIVE_CODE_BENCH = "livecodebench";

const PERFORMANCE: Keep = {
  question_id: "scalar",
  model: "scalar",
  difficulty: "scalar",
  platform: "scalar",
  "pass@1": "scalar",
};

/**
 * Takes in the performances of LiveCodeBench's models: `{"performances": [{question_id, model, pass@1,
 * …}]}`. pass@1 is the percentage of some ten runs that passed, and so the mean of as many trials.
 *
 * @param bytes The file.
 * @param file Its name, for errors.
 * @param into Receives the observations; it should keep fractions.
 * @throws {InputError} When it holds no performances, or is cut.
 */
export async function readLiveCodeBench(
  bytes: Uint8Array,
  file: string,
  into: Observations,
): Promise<void> {
  const json = new PrunedJson();
  const before = into.rows;
  into.startFile(file);
  const take = (entry: Readonly<Record<string, unknown>>, where: string): void => {
    const { question_id, model, difficulty, platform, "pass@1": passed } = entry;
    const share = shareOf(passed);
    const category = [platform, difficulty].filter((one) => typeof one === "string").join(" ");
    into.add({
      ...{ subject: model, item: question_id, response: share, benchmark: LIVE_CODE_BENCH },
      category: category === "" ? undefined : category,
    }, () => where);
  };
  try {
    await eachEntry(once(bytes), "performances", (entry, start, end, number) => {
      const where = `${file}, entry ${number}`;
      try {
        if (entry === undefined) throw new JsonError("it is too long");
        take(mapOf(json.parse(entry, PERFORMANCE, start, end)), where);
      } catch (cause) {
        if (!(cause instanceof JsonError || cause instanceof RangeError)) throw cause;
        into.addMalformed({ where, what: cause.message });
      }
    });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new InputError(`Cannot read ${file}: ${cause.message}`);
  }
  if (into.rows === before) throw new InputError(`Cannot read ${file}: it holds no performances`);
}

/** A percentage as a share in [0, 1]; undefined where the model was not run, which is written as −1. */
function shareOf(passed: unknown): number | undefined {
  if (passed === -1) return undefined;
  if (typeof passed !== "number" || !(passed >= 0 && passed <= 100)) {
    throw new JsonError("its pass@1 is not a percentage");
  }
  return passed / 100;
}

/** Reads the performances of LiveCodeBench's models. */
export const readPerformances = bundleReader(async (bundle, options) => {
  const { fractions, values } = options.rule;
  // A percentage of passed runs is a mean of trials, which the model takes as it is.
  const rule = { values, fractions: fractions === "refuse" ? "keep" : fractions } as const;
  const into = new Observations(null, rule);
  const remedy = "Give performances_generation.json of LiveCodeBench, as it is.";
  const unread = await readEach(
    bundle,
    options,
    remedy,
    ({ name }, bytes) => readLiveCodeBench(bytes, name, into),
  );
  return { observations: into, unread };
});
