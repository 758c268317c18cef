const SVG = "http://www.w3.org/2000/svg";

/** Where ρ and k are on a drawn map: both axes are logarithmic. */
interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly rho: readonly [number, number];
  readonly k: readonly [number, number];
}

/** Notes on a map where its axes are, for the crosshair. */
export function noteFrame(svg: Element, frame: Frame): void {
  svg.setAttribute("data-frame", JSON.stringify(frame));
}

/** Moves the crosshair of a map to ρ and k. */
export function placeCrosshair(svg: Element, rho: number, k: number): void {
  const frame = frameOf(svg);
  if (frame === undefined) return;
  for (const line of svg.querySelectorAll(".crosshair")) line.remove();
  const [x, y] = [placeOf(frame.x, frame.rho, rho), placeOf(frame.y, frame.k, k)];
  const add = (tag: string, attributes: Readonly<Record<string, unknown>>): void => {
    const element = svg.ownerDocument.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, String(value));
    }
    svg.append(element);
  };
  const [[x1, x2], [y1, y2]] = [frame.x, frame.y];
  for (const [stroke, width] of [["white", 2.4], ["#111111", 0.9]] as const) {
    const style = { stroke, "stroke-width": width, class: "crosshair" };
    add("line", { x1: x, x2: x, y1, y2, ...style });
    add("line", { x1, x2, y1: y, y2: y, ...style });
    add("circle", { cx: x, cy: y, r: 4, fill: "none", ...style });
  }
}

/** The ρ and k that a pointer is at, in the map or at its nearest edge. */
export function pointedAt(
  svg: SVGSVGElement,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): { readonly rho: number; readonly k: number } | undefined {
  const frame = frameOf(svg);
  if (frame === undefined) return undefined;
  const box = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / box.width;
  return {
    rho: valueAt(frame.x, frame.rho, (clientX - box.left) * scale),
    k: valueAt(frame.y, frame.k, (clientY - box.top) * scale),
  };
}

function frameOf(svg: Element): Frame | undefined {
  const noted = svg.getAttribute("data-frame");
  return noted === null ? undefined : JSON.parse(noted) as Frame;
}

function placeOf(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  value: number,
): number {
  return from + (to - from) * Math.log(value / low) / Math.log(high / low);
}

function valueAt(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  place: number,
): number {
  const share = Math.min(1, Math.max(0, (place - from) / (to - from)));
  return low * (high / low) ** share;
}
