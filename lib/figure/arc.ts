import type { PathSegment } from "./path_data.ts";

/** An elliptical arc of SVG path data, from one point to another. */
export interface Arc {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly rx: number;
  readonly ry: number;
  /** Rotation of the ellipse in degrees. */
  readonly rotation: number;
  readonly large: boolean;
  readonly sweep: boolean;
}

/**
 * Approximates an elliptical arc by Bézier curves of at most a quarter turn each (SVG 1.1,
 * appendix F.6: end points to centre). Radii too small are scaled up; a zero radius gives a line.
 *
 * @param arc The arc.
 * @returns Segments that go on from `arc.from`.
 */
export function arcToCurves({ from, to, rx, ry, rotation, large, sweep }: Arc): PathSegment[] {
  const [x1, y1] = from;
  const [x2, y2] = to;
  if (x1 === x2 && y1 === y2) return [];
  if (rx === 0 || ry === 0) return [{ kind: "line", x: x2, y: y2 }];
  const [cos, sin] = [Math.cos(rotation * Math.PI / 180), Math.sin(rotation * Math.PI / 180)];
  const [dx, dy] = [(x1 - x2) / 2, (y1 - y2) / 2];
  const [u, v] = [cos * dx + sin * dy, cos * dy - sin * dx];
  const excess = Math.max(1, (u / rx) ** 2 + (v / ry) ** 2);
  const [a, b] = [Math.abs(rx) * Math.sqrt(excess), Math.abs(ry) * Math.sqrt(excess)];
  const denominator = (a * v) ** 2 + (b * u) ** 2;
  const root = Math.sqrt(Math.max(0, ((a * b) ** 2 - denominator) / denominator)) *
    (large === sweep ? -1 : 1);
  const [cu, cv] = [root * a * v / b, -root * b * u / a];
  const [cx, cy] = [cos * cu - sin * cv + (x1 + x2) / 2, sin * cu + cos * cv + (y1 + y2) / 2];
  const start = Math.atan2((v - cv) / b, (u - cu) / a);
  let turn = Math.atan2((-v - cv) / b, (-u - cu) / a) - start;
  if (sweep && turn < 0) turn += 2 * Math.PI;
  if (!sweep && turn > 0) turn -= 2 * Math.PI;

  const count = Math.max(1, Math.ceil(Math.abs(turn) / (Math.PI / 2) - 1e-9));
  const step = turn / count;
  const handle = 4 / 3 * Math.tan(step / 4);
  const point = (p: number, q: number): readonly [number, number] => [
    cx + cos * a * p - sin * b * q,
    cy + sin * a * p + cos * b * q,
  ];
  return Array.from({ length: count }, (_, i) => {
    const [t0, t1] = [start + i * step, start + (i + 1) * step];
    const [c0, s0, c1, s1] = [Math.cos(t0), Math.sin(t0), Math.cos(t1), Math.sin(t1)];
    const [h1x, h1y] = point(c0 - handle * s0, s0 + handle * c0);
    const [h2x, h2y] = point(c1 + handle * s1, s1 - handle * c1);
    const [x, y] = i === count - 1 ? to : point(c1, s1);
    return { kind: "curve", x1: h1x, y1: h1y, x2: h2x, y2: h2y, x, y } as const;
  });
}
