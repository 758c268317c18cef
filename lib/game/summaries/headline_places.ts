/** Where headline numbers are looked at (model section 8): k, α, and ρ of the peak and of slow and fast correction. */
export const K = 20;
export const AWARENESS = 0.01;
export const RHOS = { peak: 0.05, slow: 0.01, fast: 0.1 } as const;
