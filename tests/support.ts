/**
 * What tests share: `deno test` without any permission passes, and a test that needs one, or a file
 * beside the checkout, is reported as ignored.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

let isTold = false;

/** Whether the kind of permission is granted without limits; says so where tests are ignored without it. */
export function allowed(...kinds: readonly Deno.PermissionDescriptor["name"][]): boolean {
  const isAllowed = kinds.every((name) =>
    Deno.permissions.querySync({ name } as Deno.PermissionDescriptor).state === "granted"
  );
  if (!isAllowed && !isTold) {
    isTold = true;
    const text = "Tests that need permissions are ignored; `deno task test` runs them all.\n";
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
  return isAllowed;
}

/** Path of a file of the folder `shared`, which stands beside a developer's checkout. */
export function sharedPath(name: string): string {
  return fromFileUrl(new URL(`../../shared/${name}`, import.meta.url));
}

/** Whether the folder `shared` has the file and it may be read. */
export function shared(name: string): boolean {
  if (!allowed("read")) return false;
  try {
    Deno.statSync(sharedPath(name));
    return true;
  } catch {
    return false;
  }
}
