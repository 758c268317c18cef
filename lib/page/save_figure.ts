/** Pixels of a PNG for a unit of the drawing: 300 dots an inch, of 72 units. */
const SCALE = 300 / 72;
const SVG = "http://www.w3.org/2000/svg";

/** Saves the drawing of a figure that is shown, as a file of the person's own. */
export async function saveFigure(figure: Element, name: string, kind: string): Promise<void> {
  const shown = [...figure.querySelectorAll("svg")].find((svg) => svg.checkVisibility());
  if (shown === undefined) return;
  const { width, height } = shown.viewBox.baseVal;
  const markup = standalone(shown, width, height);
  const file = kind === "png"
    ? await asPng(markup, width, height)
    : new Blob([markup], { type: "image/svg+xml" });
  const link = figure.ownerDocument.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${name}.${kind}`;
  link.click();
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The drawing on white paper, by itself. */
function standalone(shown: SVGSVGElement, width: number, height: number): string {
  const svg = shown.cloneNode(true) as SVGSVGElement;
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("font-family", "DejaVu Sans, Verdana, sans-serif");
  svg.removeAttribute("aria-hidden");
  const paper = svg.ownerDocument.createElementNS(SVG, "rect");
  for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", "#fff"]] as const) {
    paper.setAttribute(name, value);
  }
  svg.prepend(paper);
  return new XMLSerializer().serializeToString(svg);
}

async function asPng(markup: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(SCALE * width), Math.round(SCALE * height)];
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!), "image/png"));
}
