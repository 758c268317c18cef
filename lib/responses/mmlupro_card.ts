/**
 * Public facts about the MMLU-Pro result table that the simulated stand-in is calibrated to.
 * Source: repository TIGER-AI-Lab/MMLU-Pro, folder `eval_results` at commit
 * f418b116db00b065c2aea046518d8fcf74d39872 (29 models' per-question results), and the table of
 * accuracies in its README (the others that are known).
 */
export const MMLU_PRO_CARD = {
  /** Size of the paper's table. */
  subjects: 48,
  items: 13542,
  /** Share of cells without a response. */
  missingShare: 0.13,
  /** Mean response over the 29 models. */
  meanResponse: 0.4024,
  /** Accuracies of the 38 of 48 models for which it is known, ascending. */
  accuracies: [
    0.1834,
    0.2352,
    0.2415,
    0.2497,
    0.2644,
    0.268,
    0.2876,
    0.2917,
    0.2977,
    0.3236,
    0.3418,
    0.3629,
    0.3649,
    0.3659,
    0.3988,
    0.4148,
    0.4189,
    0.42,
    0.4208,
    0.4419,
    0.4715,
    0.492,
    0.4946,
    0.5201,
    0.5247,
    0.5481,
    0.562,
    0.568,
    0.5912,
    0.6282,
    0.6363,
    0.6409,
    0.6845,
    0.7025,
    0.7255,
    0.7612,
    0.7612,
    0.857,
  ],
  /** Items and mean response over 29 models, by category. */
  categories: {
    biology: { items: 717, mean: 0.601 },
    business: { items: 794, mean: 0.408 },
    chemistry: { items: 1133, mean: 0.276 },
    "computer science": { items: 410, mean: 0.422 },
    economics: { items: 845, mean: 0.525 },
    engineering: { items: 969, mean: 0.274 },
    health: { items: 723, mean: 0.468 },
    history: { items: 381, mean: 0.434 },
    law: { items: 1037, mean: 0.283 },
    math: { items: 1355, mean: 0.333 },
    other: { items: 927, mean: 0.471 },
    philosophy: { items: 499, mean: 0.432 },
    physics: { items: 1299, mean: 0.355 },
    psychology: { items: 801, mean: 0.585 },
  },
} as const;
