import type { Graph } from "../runner/cli/graph_of.ts";
import { graphSvg } from "../runner/cli/graph_svg.ts";

/** A graph in a frame in which it can be moved; its nth node leads to `#made-n`. */
export function linkedGraph(graph: Graph): string {
  let n = 0;
  const svg = graphSvg(graph)
    // The style would be the whole page's.
    .replace("<style>", "<style>.dag{").replace("</style>", "}</style>")
    .replace(/<g>([\s\S]*?)<\/g>/g, (_, inner) => `<a href="#made-${n++}">${inner}</a>`)
    .replace("<svg ", '<svg role="group" aria-label="What was made from what" ');
  return `<div class="dag" tabindex="0" role="region" aria-label="Graph of the workflow. Arrow keys move it, plus and minus
zoom, 0 shows all.">${svg}</div>
<p class="how keys">Drag it to move it; pinch, or turn the wheel with Ctrl, to zoom. With the keyboard: arrows, + and −; 0 shows
all. Each box leads to its target.</p>`;
}
