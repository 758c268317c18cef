/** Where Linux shows GPUs. */
const DEVICES = "/dev";

/**
 * The GPUs of this machine that tasks may use, as the runtime of GPUs numbers them.
 *
 * @param variable The environment variable that limits which are seen, if the project has one.
 */
export function gpus(variable: string | undefined): string[] {
  const visible = variable === undefined ? undefined : Deno.env.get(variable);
  if (visible !== undefined) return visible.split(",").filter((id) => id !== "" && id !== "-1");
  try {
    return [...Deno.readDirSync(DEVICES)]
      .flatMap(({ name }) => /^nvidia(\d+)$/.exec(name)?.[1] ?? []).sort();
  } catch {
    return [];
  }
}
