/**
 * `@std/path` for a browser, as far as the readers of tables use it: names have `/`.
 *
 * @module
 */

/** Parts as one path, without `.` and `..`. */
export function join(...parts: readonly string[]): string {
  const whole = parts.filter((part) => part !== "").join("/");
  const kept: string[] = [];
  for (const name of whole.split("/")) {
    if (name === ".." && kept.length > 0) kept.pop();
    else if (name !== "" && name !== "." && name !== "..") kept.push(name);
  }
  return (whole.startsWith("/") ? "/" : "") + kept.join("/") || ".";
}

/** The last name of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** All but the last name of a path. */
export function dirname(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}
