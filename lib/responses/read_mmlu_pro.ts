import { InputError } from "../base/errors.ts";
import { MMLU_PRO, modelLabel, recordOf, responseOf, subjectIdOf } from "./mmlu_pro.ts";
import type { Observations } from "./observations.ts";
import { unzipJson } from "./unzip_json.ts";

/**
 * Takes in the results of one model: a zip whose first JSON member is a list of records. What is no
 * record is left out and counted.
 *
 * @param zip The archive.
 * @param file Its name, which names the model.
 * @param into Receives the observations.
 * @returns The model's label and the id of the subject.
 * @throws {InputError} When the file cannot be read; nothing of it has been taken in then.
 */
export async function readMmluPro(
  zip: Uint8Array,
  file: string,
  into: Observations,
): Promise<{ readonly label: string; readonly subjectId: string }> {
  const entries = await unzipJson(zip, file);
  if (!Array.isArray(entries)) {
    throw new InputError(`Cannot read ${file}: its JSON is no list of records`);
  }
  const label = modelLabel(file);
  const subject = subjectIdOf(label);
  const read = entries.map(recordOf);
  if (read.every((record) => "fault" in record)) {
    throw new InputError(
      `Cannot read ${file}: its list of ${read.length} holds no record of results`,
    );
  }
  read.forEach((record, i) => {
    const where = `${file}, entry ${i + 1}`;
    if ("fault" in record) return into.addMalformed({ where, what: record.fault });
    const { itemId: item, response } = responseOf(record);
    into.add({ subject, item, response, benchmark: MMLU_PRO }, () => where);
  });
  return { label, subjectId: subject };
}
