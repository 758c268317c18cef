import { isAbsolute, join } from "@std/path";

/** Where a file is: from where the person stands, or else from the folder of the workflow. */
export async function locate(root: string, file: string): Promise<string> {
  if (isAbsolute(file)) return file;
  const here = Deno.env.get("INIT_CWD");
  const own = here === undefined ? undefined : join(here, file);
  const isThere = own !== undefined && await Deno.stat(own).then(() => true, () => false);
  return isThere ? own! : join(root, file);
}
