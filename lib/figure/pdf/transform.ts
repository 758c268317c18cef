/** An affine map [a, b, c, d, e, f]: x ↦ a x + c y + e, y ↦ b x + d y + f. */
export type Transform = readonly [number, number, number, number, number, number];

/**
 * Reads an SVG `transform` attribute.
 *
 * @param text A list of translate, scale, rotate (degrees) and matrix.
 * @returns Their product, the first applied last; the identity when there are none.
 * @throws {TypeError} On any other function.
 */
export function parseTransform(text: string): Transform {
  let product: Transform = [1, 0, 0, 1, 0, 0];
  for (const [, name = "", list = ""] of text.matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const values = list.split(/[\s,]+/).filter((v) => v !== "").map(Number);
    product = multiply(product, single(name, values));
  }
  return product;
}

function single(name: string, values: readonly number[]): Transform {
  const [p = 0, q, r, s = 0, t = 0, u = 0] = values;
  switch (name) {
    case "translate":
      return [1, 0, 0, 1, p, q ?? 0];
    case "scale":
      return [p, 0, 0, q ?? p, 0, 0];
    case "rotate": {
      const [x, y] = [q ?? 0, r ?? 0];
      const [cos, sin] = [Math.cos(p * Math.PI / 180), Math.sin(p * Math.PI / 180)];
      return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
    }
    case "matrix":
      return [p, q ?? 0, r ?? 0, s, t, u];
    default:
      throw new TypeError(`Cannot draw SVG: transform ${name}`);
  }
}

function multiply(m: Transform, n: Transform): Transform {
  const [a, b, c, d, e, f] = m;
  return [
    a * n[0] + c * n[1],
    b * n[0] + d * n[1],
    a * n[2] + c * n[3],
    b * n[2] + d * n[3],
    a * n[4] + c * n[5] + e,
    b * n[4] + d * n[5] + f,
  ];
}
