import { normal } from "../lib/stats/random/normal.ts";
import { stream } from "../lib/stats/random/stream.ts";
import type { Responses } from "../lib/responses/responses.ts";

/**
 * A table of any size for timings: a probit factor model with sparse loadings, cells missing at random.
 * Items that all or none of the subjects solve get one response that differs.
 *
 * @param S Subjects.
 * @param p Items.
 * @param d Factors.
 * @param missing Share of cells without response.
 */
export function simulate(S: number, p: number, d: number, missing = 0.13): Responses {
  const uniform = stream("bench", S, p, d);
  const gauss = normal(uniform);
  const skills = Float64Array.from({ length: S * d }, gauss);
  const cells = new Uint8Array(S * p); // 0 or 1; 2: missing
  for (let i = 0; i < p; i++) {
    const j = i % d;
    const [main, general, difficulty] = [0.6 + uniform(), 0.5 * uniform(), 0.7 * gauss()];
    for (let s = 0; s < S; s++) {
      const skill = main * skills[s * d + j]! + general * skills[s * d]!;
      cells[s * p + i] = uniform() < missing ? 2 : Number(skill + gauss() > difficulty);
    }
    for (const answer of [0, 1]) {
      let count = 0;
      for (let s = 0; s < S; s++) count += Number(cells[s * p + i] === answer);
      for (let s = 0; count < 3; s++) {
        const at = ((i + s) % S) * p + i;
        if (cells[at] !== answer) count++;
        cells[at] = answer;
      }
    }
  }
  const n = cells.reduce((sum, y) => sum + Number(y !== 2), 0);
  const [subject, item] = [new Int32Array(n), new Int32Array(n)];
  const response = new Float64Array(n);
  for (let at = 0, n = 0; at < cells.length; at++) {
    if (cells[at] === 2) continue;
    subject[n] = Math.floor(at / p);
    item[n] = at % p;
    response[n++] = cells[at]!;
  }
  return {
    subjectIds: Array.from({ length: S }, (_, s) => `subject ${s}`),
    itemIds: Array.from({ length: p }, (_, i) => `item ${i}`),
    subject,
    item,
    response,
  };
}
