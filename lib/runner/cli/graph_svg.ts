import { type Graph, type GraphNode, label, statusClass } from "./graph_of.ts";

/** A node of the drawing, or a bend of an edge that spans several layers. */
interface Cell {
  readonly node: GraphNode | undefined;
  readonly layer: number;
  readonly before: Cell[];
  readonly after: Cell[];
  y: number;
}

/** Sizes in pixels; a character of the 12 px font is taken as so wide. */
const [CHARACTER, PAD, HEIGHT, BEND, GAP_X, GAP_Y, MARGIN] = [6.7, 10, 36, 10, 56, 14, 16];
const SWEEPS = 12;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #000; text-anchor: middle }
  .state { font-size: 10px; fill: #444 }
  rect { fill: #fff; stroke: #333 }
  .file { fill: #f2f2f2; stroke: #777 }
  .stale { fill: #fbe3d6; stroke: #b34700; stroke-width: 2 }
  .waits { fill: #fff7d6; stroke: #8a6d00; stroke-dasharray: 4 3 }
  path { fill: none; stroke: #777 }`;

/**
 * Draws a graph from left to right in layers: each node stands right of all that it needs, and the
 * nodes of a layer are ordered by where their neighbours are (Sugiyama, Tagawa and Toda 1981).
 */
export function graphSvg(graph: Graph): string {
  const cells = layOut(graph);
  let top = MARGIN;
  for (const component of components(cells)) {
    order(layersOf(component), top);
    top = Math.max(...component.map((cell) => cell.y + size(cell) / 2)) + GAP_Y;
  }
  const layers = layersOf(cells);
  const widths = layers.map((layer) => Math.max(...layer.map(width)));
  const left = widths.map((_, i) =>
    MARGIN + widths.slice(0, i).reduce((sum, w) => sum + w + GAP_X, 0)
  );
  const right = (cell: Cell): number => (left[cell.layer] ?? 0) + (widths[cell.layer] ?? 0);
  const paths = cells.flatMap((cell) =>
    cell.after.map((next) => {
      const [x0, x1] = [right(cell), left[next.layer] ?? 0];
      const start = cell.node === undefined ? left[cell.layer] : x0;
      const middle = (x0 + x1) / 2;
      const curve = `C${middle} ${cell.y} ${middle} ${next.y} ${x1} ${next.y}`;
      const head = next.node === undefined ? "" : ' marker-end="url(#head)"';
      return `<path d="M${start} ${cell.y}H${x0}${curve}"${head}/>`;
    })
  );
  const boxes = cells.flatMap((cell) => {
    const { node, layer, y } = cell;
    if (node === undefined) return [];
    const [x, w] = [left[layer] ?? 0, widths[layer] ?? 0];
    const [name = "", state] = label(node);
    const round = node.state === "file" ? HEIGHT / 2 : 4;
    return [
      `<g><title>${escape(node.description || node.name)}</title>` +
      `<rect class="${statusClass(node)}" x="${x}" y="${
        y - HEIGHT / 2
      }" width="${w}" height="${HEIGHT}" ` +
      `rx="${round}"/><text x="${x + w / 2}" y="${state ? y - 2 : y + 4}">${escape(name)}</text>` +
      (state ? `<text class="state" x="${x + w / 2}" y="${y + 12}">${state}</text>` : "") + "</g>",
    ];
  });
  const total = (left.at(-1) ?? 0) + (widths.at(-1) ?? 0) + MARGIN;
  const height = Math.max(0, ...cells.map(({ y }) => y)) + HEIGHT / 2 + MARGIN;
  const head = '<marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" ' +
    'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8" style="fill:#777"/></marker>';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${height}" ` +
    `width="${total}" height="${height}"><style>${STYLE}\n</style><defs>${head}</defs>\n` +
    `<rect style="stroke:none" width="${total}" height="${height}"/>\n` +
    `${[...paths, ...boxes].join("\n")}\n</svg>`;
}

/** Gives each node the layer after the last of its needs, and long edges a bend in each layer. */
function layOut({ nodes, edges }: Graph): Cell[] {
  const cells = new Map<string, Cell>();
  const all: Cell[] = [];
  const add = (node: GraphNode | undefined, layer: number): Cell => {
    const cell: Cell = { node, layer, before: [], after: [], y: 0 };
    all.push(cell);
    return cell;
  };
  for (const node of nodes) {
    const needs = edges.filter(({ to }) => to === node.name)
      .flatMap(({ from }) => cells.get(from) ?? []);
    const cell = add(node, Math.max(-1, ...needs.map(({ layer }) => layer)) + 1);
    cells.set(node.name, cell);
    for (let need of needs) {
      while (need.layer < cell.layer - 1) need = connect(need, add(undefined, need.layer + 1));
      connect(need, cell);
    }
  }
  return all;
}

function layersOf(cells: readonly Cell[]): Cell[][] {
  const layers: Cell[][] = [];
  for (const cell of cells) (layers[cell.layer] ??= []).push(cell);
  return layers.filter((layer) => layer !== undefined);
}

/** The cells in groups that no edge joins, each drawn below the one before. */
function components(cells: readonly Cell[]): Cell[][] {
  const seen = new Set<Cell>();
  const gather = (cell: Cell): Cell[] => {
    if (seen.has(cell)) return [];
    seen.add(cell);
    return [cell, ...[...cell.before, ...cell.after].flatMap(gather)];
  };
  return cells.map(gather).filter((component) => component.length > 0);
}

function connect(from: Cell, to: Cell): Cell {
  from.after.push(to);
  to.before.push(from);
  return to;
}

/**
 * Sweeps to and fro, moving each cell towards the mean of its neighbours, without overlaps.
 *
 * @param start Where the highest cell begins.
 */
function order(layers: readonly Cell[][], start: number): void {
  layers.forEach((layer) => spread(layer, layer.map((_, i) => i * (HEIGHT + GAP_Y))));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const layer of forward ? layers : layers.toReversed()) {
      const wish = new Map(layer.map((cell) => {
        const near = forward ? cell.before : cell.after;
        const mean = near.reduce((sum, { y }) => sum + y, 0) / near.length;
        return [cell, near.length > 0 ? mean : cell.y];
      }));
      layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      spread(layer, layer.map((cell) => wish.get(cell) ?? 0));
    }
  }
  const top = Math.min(...layers.flat().map((cell) => cell.y - size(cell) / 2));
  for (const cell of layers.flat()) cell.y += start - top;
}

/** Puts a layer's cells as near to where they should be as their sizes allow, in their order. */
function spread(layer: readonly Cell[], wishes: readonly number[]): void {
  const middles: number[] = [];
  layer.forEach((cell, i) => {
    const above = layer[i - 1];
    const least = above === undefined
      ? -Infinity
      : (middles[i - 1] ?? 0) + (size(above) + size(cell)) / 2 + GAP_Y;
    middles.push(Math.max(wishes[i] ?? 0, least));
  });
  const shift = middles.reduce((sum, y, i) => sum + y - (wishes[i] ?? 0), 0) / layer.length;
  layer.forEach((cell, i) => cell.y = (middles[i] ?? 0) - shift);
}

function size(cell: Cell): number {
  return cell.node === undefined ? BEND : HEIGHT;
}

function width({ node }: Cell): number {
  if (node === undefined) return 0;
  return Math.ceil(Math.max(...label(node).map((line) => line.length)) * CHARACTER) + 2 * PAD;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
