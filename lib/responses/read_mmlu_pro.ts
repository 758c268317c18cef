import { InputError } from "../base/errors.ts";
import { MMLU_PRO, modelLabel, recordOf, responseOf, subjectIdOf } from "./mmlu_pro.ts";
import { Observations } from "./observations.ts";
import { bundleReader, readEach } from "./read_bundle.ts";
import { unzipJson } from "./unzip_json.ts";
import { show } from "./values.ts";

/**
 * Takes in the results of one model: a zip whose JSON members are lists of records. What is not a
 * record is left out and counted.
 *
 * @param zip The archive.
 * @param file Its name, which names the model.
 * @param into Receives the observations.
 * @returns The model's label and the id of the subject.
 * @throws {InputError} When the file cannot be read; nothing of it has been taken in then.
 */
export function readMmluPro(
  zip: Uint8Array<ArrayBuffer>,
  file: string,
  into: Observations,
): { readonly label: string; readonly subjectId: string } {
  const { members: read, unread } = unzipJson(zip, file);
  const members = read.map(({ name, value }) => ({
    name: `${file}, ${name}`,
    records: Array.isArray(value) ? value.map(recordOf) : [{ fault: "not a list of records" }],
  }));
  const records = members.flatMap((member) => member.records);
  if (records.every((record) => "fault" in record)) {
    const fault = records.find((record) => "fault" in record)?.fault ?? "an empty list";
    throw new InputError(`Cannot read ${file}: it holds no record of results, but ${fault}`);
  }
  if (unread.length > 0) {
    into.notes.push(
      `${file} holds ${unread.length} files that are not read, such as ${show(unread[0])}`,
    );
  }
  const label = modelLabel(file);
  const subject = subjectIdOf(label);
  for (const { name, records } of members) {
    into.startFile(name);
    records.forEach((record, i) => {
      const where = `${members.length > 1 ? name : file}, entry ${i + 1}`;
      if ("fault" in record) return into.addMalformed({ where, what: record.fault });
      const { itemId: item, response } = responseOf(record);
      const { category } = record;
      into.add({ subject, item, response, benchmark: MMLU_PRO, category }, () => where);
    });
  }
  return { label, subjectId: subject };
}

/** Reads the zips of MMLU-Pro's per-question results. */
export const readMmluProZips = bundleReader(async (bundle, options) => {
  const into = new Observations();
  const labels = new Map<string, string>();
  const remedy = "Give the zips of MMLU-Pro's folder eval_results, as they are.";
  const unread = await readEach(bundle, options, remedy, ({ name }, bytes) => {
    const { label, subjectId } = readMmluPro(bytes, name, into);
    const twin = labels.get(subjectId);
    if (twin) {
      options.warn(`${name} and ${twin} are both of ${label}: counted as trials of one subject`);
    }
    labels.set(subjectId, name);
  });
  return { observations: into, unread };
});
