/**
 * The packages in the scripts that draw.
 *
 * @module
 */
export * as "@observablehq/plot" from "@observablehq/plot";
export * as "fflate" from "fflate";
