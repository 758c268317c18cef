import { join } from "@std/path";

/**
 * The token of the Hugging Face Hub: `HF_TOKEN` or, as the hub's own programs do, the file that their login
 * writes (`HF_TOKEN_PATH`, or `token` in `HF_HOME`, `~/.cache/huggingface` by default).
 *
 * @returns Its value, and the variable or file that it comes from; undefined when there is none; an empty `HF_TOKEN` means none.
 */
export async function hubToken(): Promise<
  { readonly value: string; readonly source: string } | undefined
> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "";
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? join(home, ".cache");
  const folder = Deno.env.get("HF_HOME") ?? join(cache, "huggingface");
  const path = Deno.env.get("HF_TOKEN_PATH") ?? join(folder, "token");
  const variable = Deno.env.get("HF_TOKEN");
  const value = (variable ?? await Deno.readTextFile(path).catch(() => "")).trim();
  const source = variable === undefined ? `the token in ${path}` : "HF_TOKEN";
  return value === "" ? undefined : { value, source };
}
