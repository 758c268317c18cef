/**
 * The part of `@std/path` that the project uses, with the same names and signatures, over
 * `node:path`. deno.json maps `@std/path` here because JSR cannot be a condition of installing;
 * to use JSR instead, map it to `jsr:@std/path@1`.
 *
 * @module
 */
export {
  basename,
  dirname,
  extname,
  isAbsolute,
  join,
  normalize,
  relative,
  resolve,
  sep as SEPARATOR,
} from "node:path";
export { fileURLToPath as fromFileUrl, pathToFileURL as toFileUrl } from "node:url";
