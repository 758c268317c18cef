import { type Claim, outcomeOf, summaryOf } from "../claims/claim.ts";
import type { Lineage } from "../artifact/lineage.ts";
import type { Graph } from "../runner/cli/graph_of.ts";
import { captionHtml, escapeHtml } from "./article.ts";
import { linkedGraph } from "./linked_graph.ts";

/** A file that the page was made from. */
export interface Made {
  readonly name: string;
  readonly digest: string;
  readonly lineage: Lineage | undefined;
}

interface Node extends Made {
  readonly needs: readonly string[];
}

/**
 * What was run: the graph of all results, each with its task, parameters and facts, and the claims. It
 * has no times: the page's bytes depend on what was made alone.
 */
export function runSection(
  made: readonly Made[],
  claims: readonly Claim[],
  software: Readonly<Record<string, string>>,
): string {
  const nodes = nodesOf(made);
  const graph: Graph = {
    nodes: nodes.map(({ name, lineage }) => ({
      name: shortName(name),
      state: "fresh",
      description: lineage?.task ?? "",
    })),
    edges: nodes.flatMap(({ name, needs }) =>
      needs.map((need) => ({
        from: shortName(nodes.find(({ digest }) => digest === need)!.name),
        to: shortName(name),
        inputs: [],
      }))
    ),
  };
  return `<p>Everything on this page was built by one workflow. Each box is a result; it leads to the task that
made it, its parameters and its facts.</p>
${linkedGraph(graph)}
<div class="targets">${nodes.map(details).join("")}</div>
<h3>Claims</h3><p>Statements of the paper, the textbook and the model: ${summaryOf(claims)}</p>
<div class="run-table" tabindex="0" role="region" aria-label="Claims; scrolls"><table><thead><tr><th scope="col">verdict</th><th scope="col">statement</th><th scope="col">source</th><th scope="col">measured</th><th scope="col">figure</th></tr></thead><tbody>${
    claims.map(claimRow).join("")
  }</tbody></table></div>
<h3>The same bytes</h3><p>With the same responses, <code>deno task reproduce</code> makes the same figures and
<code>deno task report</code> this page. When each target ran, why, with which key and log is in <a href="run.html">run.html</a>, which the same command
writes beside it; <code>deno task trace</code> writes it for <span>ui.perfetto.dev</span>. Made with ${
    Object.entries(software).map(([name, version]) => escapeHtml(`${name} ${version}`)).join(", ")
  }.</p>`;
}

/** All results in the lineages, those before that others are made from. */
function nodesOf(made: readonly Made[]): Node[] {
  const names = new Map(made.map(({ digest, name }) => [digest, name]));
  const nodes = new Map<string, Node>();
  const add = (digest: string, lineage: Lineage | undefined, logical: string): void => {
    if (nodes.has(digest)) return;
    const inputs = Object.entries(lineage?.inputs ?? {});
    for (const [name, input] of inputs) add(input.sha256, input.lineage, name);
    const name = names.get(digest) ?? logical;
    nodes.set(digest, { name, digest, lineage, needs: inputs.map(([, { sha256 }]) => sha256) });
  };
  for (const { name, digest, lineage } of made) add(digest, lineage, name);
  return [...nodes.values()];
}

function shortName(name: string): string {
  return name.replace(/^cache\//, "").replace(/\.\w+$/, "");
}

function details({ name, digest, lineage }: Node, n: number): string {
  const { task = "a file that holds no lineage", params = {}, facts = {} } = lineage ?? {};
  const text = (value: unknown): string => escapeHtml(JSON.stringify(value, null, 1));
  return `<details id="made-${n}"><summary>${escapeHtml(shortName(name))} · ${
    escapeHtml(task)
  }</summary>
<p>SHA-256 <code>${digest.slice(0, 16)}…</code></p><pre tabindex="0">params ${text(params)}
facts ${text(facts)}</pre></details>`;
}

function claimRow(claim: Claim): string {
  const { statement, source, measured, figure } = claim;
  const outcome = outcomeOf(claim);
  const look = outcome === "fails unexpectedly" ? "fails" : outcome === "holds" ? "holds" : "other";
  return `<tr><td class="${look}">${outcome}</td><td>${captionHtml(statement)}</td><td>${
    captionHtml(source)
  }</td><td>${captionHtml(measured)}</td><td><a href="#${figure}">${
    escapeHtml(figure.replace(/^fig_/, "").replaceAll("_", " "))
  }</a></td></tr>`;
}
