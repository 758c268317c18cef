import { NEAR_LEAST } from "../game/mean_field_optimum.ts";
import type { KeyEntry } from "./kit/layout.ts";
import { COLORS } from "./kit/theme.ts";

/** The share by which a cost near the least may exceed it, in words. */
export const NEAR_LEAST_SHARE = `${100 * NEAR_LEAST} %`;

/** The key to the interval of k whose cost is near the least. */
export const NEAR_LEAST_KEY = {
  name: `within ${NEAR_LEAST_SHARE} of least cost`,
  stroke: COLORS.faint,
  weight: 2,
} as const satisfies KeyEntry;
