import type { ClaimsByTable } from "../claims/claims_by_table.ts";
import type { Graph } from "../runner/cli/graph_of.ts";
import { captionHtml, escapeHtml } from "./article.ts";
import { linkedGraph } from "./linked_graph.ts";
import { POLICY } from "./page_html.ts";
import { STYLE } from "./style.ts";

/** The last run of a target. */
export interface TargetRun {
  readonly target: string;
  readonly task: string;
  readonly key: string;
  /** Why it ran, or that it did not have to. */
  readonly reason: string;
  /** Digests by logical name. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly params: unknown;
  readonly outputs: readonly {
    readonly path: string;
    readonly digest: string;
    readonly size: number;
  }[];
  readonly log: readonly string[];
  readonly seconds: number;
  /** When it ended: ISO 8601. */
  readonly when: string;
}

/** What was judged, how sure it is, and where it does not do what it should. */
export interface Sureness {
  readonly statement: string;
  readonly measured: string;
  readonly verdict: string;
  readonly breaks_with: readonly string[];
}

/** Sizes of the Gantt chart, in pixels. */
const [ROW, LETTER, BARS, SECONDS, HEAD] = [24, 7, 560, 70, 26];
/** Idle time beyond this is left out, in seconds. */
const IDLE = 2;

/**
 * run.html: how sure what the page shows is, the graph, when each target ran, and what each run was.
 *
 * @param sure Undefined where it is not known.
 * @param claims Those of several tables, where they were compared.
 */
export function runHtml(
  graph: Graph,
  runs: readonly TargetRun[],
  script: string,
  sure: readonly Sureness[] | undefined,
  claims?: ClaimsByTable,
): string {
  const places = new Map(graph.nodes.map(({ name }, n) => [name, n]));
  const total = runs.reduce((sum, { seconds }) => sum + seconds, 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>What was run: strategic evaluation, reproduced</title>
<link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><header><p class="kicker"><a href="index.html">Strategic evaluation, reproduced</a></p>
<h1>What was run</h1><p class="lead">The last run of each target: ${runs.length} targets, ${
    total.toFixed(1)
  } s of work. The page itself has none of this, so that its bytes depend on the results alone.</p></header>
<section id="sure"><h2>How sure</h2>${howSure(sure)}</section>
<section id="graph"><h2>What was made from what</h2>${linkedGraph(graph)}</section>
<section id="gantt"><h2>When</h2><p>Each bar is a target’s last run. Idle time is left out; a dashed line says where.</p>
<div class="run-table gantt" tabindex="0" role="region" aria-label="Gantt chart; scrolls">${
    gantt(runs, places)
  }</div></section>
<section id="targets"><h2>Targets</h2><div class="targets">${
    graph.nodes.map(({ name, description }, n) =>
      details(n, name, description, runs.find(({ target }) => target === name))
    ).join("")
  }</div></section>${claims === undefined ? "" : claimsSection(claims)}</main>
<script>${script}</script></body></html>
`;
}

function howSure(sure: readonly Sureness[] | undefined): string {
  if (sure === undefined) {
    return "<p>Not known yet: run <code>deno task robustness</code>, then <code>deno task report</code> again.</p>";
  }
  const lines = sure.map(({ statement, measured, verdict, breaks_with }) => {
    const why = verdict === "fragile" ? `; breaks with ${breaks_with.join(", ")}` : "";
    return `<li><strong>${verdict}</strong>: ${
      escapeHtml(`${statement} (${measured}${why})`)
    }</li>`;
  });
  return `<p>Under other choices and samples, and on controls.</p><ul>${lines.join("")}</ul>`;
}

/** A row a claim, a column a table. */
function claimsSection({ tables, claims }: ClaimsByTable): string {
  const head = [
    "claim",
    ...tables.map(({ name, simulated }) => name + (simulated ? " (simulated)" : "")),
  ];
  const rows = claims.map(({ label, statement, cells }) =>
    `<tr><th scope="row" title="${escapeHtml(statement)}">${captionHtml(label)}</th>${
      cells.map(({ outcome, shown, measured }, n) =>
        `<td class="${OUTCOME_CLASSES[outcome] ?? ""}" data-table="${
          escapeHtml(head[n + 1]!)
        }" title="${escapeHtml(measured)}">${outcome}${
          shown === "" ? "" : ` <span class="shown">${captionHtml(shown)}</span>`
        }</td>`
      ).join("")
    }</tr>`
  );
  return `<section id="claims"><h2>Claims, table by table</h2>
<p>The same statements, held against several tables of responses by <code>deno task claims --tables</code>.</p>
<div class="run-table by-table" tabindex="0" role="region" aria-label="Claims by table; scrolls"><table><thead><tr>${
    head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("")
  }</tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

const OUTCOME_CLASSES: Readonly<Record<string, string>> = {
  "holds": "holds",
  "fails unexpectedly": "fails",
};

/** A row a target, a bar from when it began to when it ended. */
function gantt(runs: readonly TargetRun[], places: ReadonlyMap<string, number>): string {
  const spans = runs.map((run) => {
    const end = Date.parse(run.when) / 1000;
    return { run, start: end - run.seconds, end };
  }).sort((a, b) => a.start - b.start || (a.run.target < b.run.target ? -1 : 1));
  let [clock, cut] = [spans[0]?.start ?? 0, spans[0]?.start ?? 0];
  const breaks: number[] = [];
  const names = 20 + LETTER * Math.max(0, ...runs.map(({ target }) => shortened(target).length));
  const placed = spans.map(({ run, start, end }) => {
    if (start > clock + IDLE) {
      cut += start - clock - IDLE;
      breaks.push(start - cut - IDLE / 2);
    }
    clock = Math.max(clock, end);
    return { run, from: start - cut, to: end - cut };
  });
  const last = Math.max(1e-3, ...placed.map(({ to }) => to));
  const x = (seconds: number): number => names + BARS * seconds / last;
  const height = HEAD + ROW * placed.length;
  const step = 10 ** Math.floor(Math.log10(last));
  const ticks = Array.from({ length: Math.floor(last / step) + 1 }, (_, n) => n * step);
  const rows = placed.map(({ run: { target, seconds, when }, from, to }, n) => {
    const y = HEAD + n * ROW;
    return `<a href="#made-${places.get(target)}"><title>${
      escapeHtml(`${target}: ${seconds.toFixed(2)} s, ended ${when}`)
    }</title><rect class="row" x="0" y="${y}" width="${names + BARS + SECONDS}" height="${ROW}"/>
<text x="${names - 10}" y="${y + 16}" text-anchor="end">${escapeHtml(shortened(target))}</text>
<rect class="bar" x="${x(from).toFixed(1)}" y="${y + 5}" width="${
      Math.max(1.5, x(to) - x(from)).toFixed(1)
    }" height="${ROW - 10}" rx="2"/>
<text class="soft" x="${(x(to) + 6).toFixed(1)}" y="${y + 16}">${seconds.toFixed(2)} s</text></a>`;
  });
  return `<svg viewBox="0 0 ${names + BARS + SECONDS} ${height}" width="${
    names + BARS + SECONDS
  }" height="${height}" role="group" aria-label="When each target ran">
${
    ticks.map((tick) =>
      `<path d="M${x(tick).toFixed(1)} ${HEAD - 6}V${height}"/><text class="soft" x="${
        x(tick).toFixed(1)
      }" y="14" text-anchor="middle">${Number(tick.toPrecision(3))} s</text>`
    ).join("")
  }
${rows.join("\n")}
${
    breaks.map((at) => `<path class="break" d="M${x(at).toFixed(1)} ${HEAD - 6}V${height}"/>`).join(
      "",
    )
  }</svg>`;
}

/** A name that fits in front of the bars. */
function shortened(target: string): string {
  const name = target.replace(/^cache\//, "");
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}

function details(n: number, name: string, description: string, run?: TargetRun): string {
  const row = (term: string, text: string): string => `<dt>${term}</dt><dd>${text}</dd>`;
  const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
  const list = (entries: readonly string[]): string => entries.join("<br>") || "none";
  const body = run === undefined
    ? "<p>A file of one’s own, or a target that has not been built.</p>"
    : `<dl>${row("key", code(run.key))}${row("task", code(run.task))}${
      row("reason", escapeHtml(run.reason))
    }${row("time", `${run.seconds.toFixed(2)} s, ended ${escapeHtml(run.when)}`)}${
      row(
        "inputs",
        list(
          Object.entries(run.inputs).map(([input, digest]) =>
            `${escapeHtml(input)} ${code(digest)}`
          ),
        ),
      )
    }${
      row(
        "outputs",
        list(run.outputs.map(({ path, digest, size }) =>
          `${escapeHtml(path)}, ${size} bytes ${code(digest)}`
        )),
      )
    }</dl><pre tabindex="0">${
      escapeHtml(`params ${JSON.stringify(run.params, null, 1)}\n\nlog\n${run.log.join("\n")}`)
    }</pre>`;
  return `<details id="made-${n}"><summary>${escapeHtml(name)}</summary><p>${
    escapeHtml(description)
  }</p>${body}</details>`;
}
