/**
 * The packages in the worker that plays the games.
 *
 * @module
 */
export * as "seedrandom" from "seedrandom";
