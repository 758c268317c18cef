import { escapeHtml } from "../article.ts";
import { STYLE } from "../style.ts";

/** The parts of the file. */
export interface FitPageParts {
  /** What the script reads, as JSON. */
  readonly data: string;
  readonly script: string;
  /** The code of the worker. */
  readonly worker: string;
  /** ONNX Runtime, as gzip in base64. */
  readonly wasm: string;
  /** The exported graph, in base64, and its digest. */
  readonly graph: string;
  readonly graphDigest: string;
  readonly licences: string;
}

/** Nothing is fetched: the browser itself is told to refuse. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; " +
  "worker-src blob:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const EXAMPLE = `subject_id,item_id,response
model-a,question-1,1
model-a,question-2,0
model-b,question-1,1`;

const figure = (id: string, look = ""): string =>
  `<figure id="${id}"><div class="canvas${look}" role="img" aria-label=""></div><figcaption></figcaption></figure>`;
const stages = ["raw", "rotated", "projected", "sparsified"].map((name) =>
  figure(`stage-${name}`, " light")
);

/** fit.html as one file. */
export function fitHtml(
  { data, script, worker, wasm, graph, graphDigest, licences }: FitPageParts,
): string {
  const text = (id: string, content: string): string =>
    `<script type="text/plain" id="${id}">${content.replaceAll("</", "<\\/")}</script>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Fit your own table: strategic evaluation, reproduced</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style></head>
<body><main><header>
<p class="kicker"><a href="index.html">Strategic evaluation, reproduced</a></p>
<h1>Fit your own table here</h1>
<p class="lead">Give a table of which model answered which question right. This page finds how many skills it takes to
explain it, what each question asks for, and makes the pool of tasks that the game is played on.</p>
<p class="note" role="note"><b>Nothing leaves this machine.</b> The file is read by this page alone; the page asks no
server for anything, and its own policy tells the browser to refuse if it tried. It works without a network.</p>
</header>
<section id="table"><h2>The table</h2>
<p>A CSV in the long form, as below, or a wide one: a row for each subject, a column for each item, 1, 0 or nothing
in the cells.</p>
<pre tabindex="0">${escapeHtml(EXAMPLE)}</pre>
<p>Or the logs of evaluations, read as the command line reads them: samples of lm-evaluation-harness with their results,
Inspect’s <code>.eval</code> or <code>.json</code>, HELM, Every Eval Ever, py-irt, OpenAI evals, packed by gzip or not.
Give the folder that holds those of all models. Parquet is for the command line alone.</p>
<figure class="live"><div class="panel"><label class="choice file">your table or logs <input type="file" id="file"
multiple accept=".csv,.tsv,.txt,.json,.jsonl,.eval,.gz"></label><label class="choice file">or a folder of logs <input
type="file" id="folder" webkitdirectory></label></div>
<button type="button" id="simulated">Use the simulated responses</button>
<figcaption>Or drop files or a folder anywhere on the page. <button type="button" id="cancel" hidden>Cancel</button>
<span id="status" class="calm" role="status"></span><span id="error" role="alert"></span></figcaption></figure>
<ul id="warnings"></ul>
<p id="result" hidden><span id="items"></span></p></section>
<section id="analysis" hidden><h2>How many skills</h2>
<p>Parallel analysis finds <output id="d"></output>: so many leading eigenvalues exceed what the same responses give when
they are dealt out at random. <span id="analysis-text"></span></p>${figure("scree")}</section>
<section id="loadings" hidden><h2>Loadings</h2><p id="fit-text"></p>
<p>The fit is the workflow’s own: the same exported graph (SHA-256 <code>${
    graphDigest.slice(0, 16)
  }…</code>), run by ONNX Runtime in
this browser. For another number of skills than its own, the same code exports another graph here.</p>
<p><a id="loadings-csv" download="loadings.csv">All loadings as CSV</a></p><div class="pair">${
    stages.join("")
  }</div></section>
<section id="skills" hidden><h2>Skills</h2>
<p>A skill is known by the items that load most on it. Where one subject’s leverage is near 1, the skill is that
subject.</p><div class="run-table" tabindex="0" role="region" aria-label="Skills; scrolls"><table><thead><tr>
<th scope="col">skill</th><th scope="col">items that load most</th><th scope="col">highest leverage</th></tr></thead>
<tbody></tbody></table></div></section>
<section id="pool" hidden><h2>The pool</h2>
<p>Projected to the positive unit ball, made sparse and sorted by mass, the items become tasks. <span id="pool-text"></span></p>
<p><a id="play" class="go">Play the game on this pool</a><span id="too-long" hidden>The pool is too large for a link:
download it and drop it on <a href="index.html">the page with the game</a>.</span></p>
<p><a id="pool-npz" download="pool.npz">The pool as a NumPy file</a>, for <code>--set pool.path=pool.npz</code></p></section>
</main>
<script type="application/json" id="data">${data.replaceAll("<", "\\u003c")}</script>
${text("licences", licences)}
<script type="text/plain" id="worker">${worker}</script>
<script type="text/plain" id="graph">${graph}</script>
<script type="text/plain" id="wasm">${wasm}</script>
<script>${script}</script>
</body></html>
`;
}
