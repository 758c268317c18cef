import type { ClaimGrids } from "../../lib/robustness/limit_claims.ts";

/** Where claims are looked at: a few places. */
export const GRIDS: ClaimGrids = {
  delta: { ks: [1, 20], rhos: [0.05, 0] },
  validation: { ks: [5], rhos: [0.05] },
  map: { rhos: { min: 0.01, max: 0.1, n: 3 }, nKs: 6 },
  oneShot: { nKs: 8, awareness: [0.01, 0.25] },
  holdout: { k: 20, rho: 0.05, gate: { n0: 20, epsilon: 20, eta: 0.15 } },
};
