import temml from "temml";
import {
  type Control,
  CONTROLS,
  nearestStop,
  type NumberName,
  REPLICATES,
  type Settings,
} from "./settings.ts";
import type { NumberShown } from "./model.ts";

/** A drawn figure of the paper. */
export interface DrawnFigure {
  /** Its files' name. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** Drawn for two columns, unless it stands in one always, and for one: markup. */
  readonly wide: string | undefined;
  readonly narrow: string;
  readonly isSimulated: boolean;
}

/** What the article is made of, all of it ready to be set. */
export interface ArticleParts {
  readonly figures: ReadonlyMap<string, DrawnFigure>;
  /** The live figures in their first state: markup, wide and narrow. */
  readonly live: ReadonlyMap<string, { readonly wide: string; readonly narrow: string }>;
  readonly numbers: Readonly<Record<NumberShown, string>>;
  readonly settings: Settings;
  readonly pools: readonly { readonly name: string; readonly label: string }[];
  readonly isSimulated: boolean;
  /** The benchmarks of the table of responses, if known; undefined where it is simulated. */
  readonly table: string | undefined;
  /** The section "What was run". */
  readonly run: string;
}

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const MARK = `<span class="simulated">simulated responses</span>`;

/** The page's article: reads whole without its script. */
export function article(parts: ArticleParts): string {
  const n = (name: NumberShown): string =>
    `<output data-n="${name}">${escapeHtml(parts.numbers[name])}</output>`;
  const tex = (source: string): string => temml.renderToString(source);
  /** A symbol and its number, on one line. */
  const is = (source: string, name: NumberShown): string =>
    `<span class="eq">${tex(source)} = ${n(name)}</span>`;
  const display = (source: string): string =>
    `<div class="formula" tabindex="0" role="group" aria-label="Formula">${
      temml.renderToString(source, { displayMode: true })
    }</div>`;
  const controls = (...names: NumberName[]): string =>
    names.map((name) => control(CONTROLS[name], parts.settings[name])).join("");
  const figures = (...names: string[]): string =>
    names.map((name) => paperFigure(parts.figures.get(name)!)).join("");
  // One for each ρ that the workflow asks for.
  const closedForms = [...parts.figures.keys()].filter((name) =>
    name.startsWith("fig_repeated_closedform") && !name.endsWith("_synthetic")
  );
  const twin = (...names: string[]): string =>
    `<details class="twin"><summary>The same on the synthetic pool</summary>${
      figures(...names.map((name) => `${name}_synthetic`))
    }</details>`;
  const live = (name: string, label: string, text: string, panel: string): string => {
    const drawn = parts.live.get(name);
    return `<figure class="live" data-live="${name}"><div class="panel">${panel}</div>
<div class="canvas${lightOf(name)}" role="img" aria-label="${escapeHtml(label)}">${
      variants(drawn)
    }</div>
<figcaption><b>Live.</b> ${parts.isSimulated ? MARK : ""} ${text} <span class="files">${
      saveButtons(`live_${name}`, label)
    }</span></figcaption></figure>`;
  };
  const pools = parts.pools.map(({ name, label }) =>
    `<option value="${escapeHtml(name)}"${name === parts.settings.pool ? " selected" : ""}>${
      escapeHtml(label)
    }</option>`
  ).join("");
  const correction = `<label class="choice">correction <select data-s="correction">
<option value="gap_gaussian">fills gaps nearby</option><option value="uniform">towards uniform</option>
</select></label>`;

  return `<header>
<p class="kicker">Strategic evaluation, reproduced</p>
<h1>When the test‑taker learns the test</h1>
<p class="lead">An evaluator scores a model on a sample of tasks. The model’s developer watches which tasks are
scored and works on those. How far does the score drift from what it should measure, and what stops the drift?</p>
${
    parts.isSimulated
      ? `<p class="banner" role="note"><b>Simulated responses.</b> This build was made from simulated answers of
models to questions, with the shape of the real table. The mechanism is the paper’s; the numbers are not.</p>`
      : `<p class="banner data" role="note"><b>Data.</b> Made from ${
        parts.table ? `the responses of ${escapeHtml(parts.table)}` : "a table of responses"
      }; <a href="#run">what was run</a> has its counts.</p>`
  }
<p class="how">Every live figure below is computed here, in your browser, by the code that drew the paper’s
figures. Move a slider and the sentences change with it, and <em>Reset</em>, which then appears in the
bar below, brings the paper’s settings back; the dashed grey line is where the curve was before.</p>
<p id="status" role="status"></p>
</header>
<nav aria-label="Sections"><a href="#question">Question</a><a href="#one-shot">One shot</a><a href="#repeated"
>Repeated</a><a href="#correction">Correction</a><a href="#how-many">How many</a><a href="#pool">The pool</a><a href="#run">What was run</a><button type="button" id="reset" disabled aria-label="Reset to the paper’s settings">Reset</button></nav>

<section id="question"><h2>The question</h2>
<p>A <em>task</em> asks for a mix of skills: it is a vector ${
    tex("z_i")
  } in the positive unit ball. A developer
chooses how to spread its effort, ${tex("\\theta\\ge 0")} with ${
    tex("\\lVert\\theta\\rVert\\le 1")
  }, and scores
${tex("z_i\\cdot\\theta")} on task ${
    tex("i")
  }. The evaluator cares about the mean over the whole pool,
${tex("u(\\theta)=\\mu\\cdot\\theta")}, and so wants ${
    tex("\\theta^\\circ=\\mu/\\lVert\\mu\\rVert")
  }. But it cannot score everything every time, and its first choice of tasks is biased to one popular skill:</p>
${display("\\pi_0(i)\\;\\propto\\;\\exp\\left(-\\lVert z_i-e_0\\rVert^2/2b^2\\right)")}
<p>Whoever knows which tasks count does best by answering <em>those</em>,
${
    tex("\\theta^*(w)=Z^\\top w/\\lVert Z^\\top w\\rVert")
  }. Strategic misalignment measures what that costs: the gain in
expected score from learning the test, plus the loss to the evaluator.</p>
${display("\\Delta_t = g_t\\cdot(\\theta_t-\\theta^\\circ),\\qquad g_t = Z^\\top\\pi_t-\\mu")}
<p>The pool that is played on now has ${n("tasks")} tasks of ${n("skills")} skills.</p></section>

<section id="one-shot"><h2>One shot</h2>
<p>Suppose that the test is published once. With ${
    n("published")
  } published tasks the published score is
${n("score")} of the best possible utility, but the true utility is only ${
    n("utility")
  }: the score overstates what was gained, most of all when few tasks are published.</p>
<p>Keep the tasks private instead, and let the developer know a share ${
    tex("\\alpha")
  } of the pool, drawn evenly:
with ${n("known")} known tasks its answer is worth ${
    n("erm")
  }. A small <em>unbiased</em> sample is worth more
than a large biased one.</p>
${
    live(
      "oneShot",
      "Published score and true utility against the number of published tasks",
      "Means and 10–90 % bands of 200 draws. The vertical line is the number of published tasks that you choose.",
      controls("published", "awareness", "bias", "draw"),
    )
  }
${
    figures("fig_oneshot_transparency", "fig_oneshot_erm_vs_transparency", "fig_oneshot_asymmetry")
  }</section>

<section id="repeated"><h2>The repeated game</h2>
<p>Now the test is given for ${n("rounds")} rounds. Each round scores ${
    n("k")
  } tasks, the developer sees them, forgets a share ${
    is("\\varphi", "phi")
  } of what it saw before, and updates what it believes about the test:</p>
${
    display("\\hat\\pi_t=\\frac{1+C_t}{N+m_t},\\qquad \\theta_t=\\theta^*(\\hat\\pi_t),") +
    display("C_{t+1}=(1-\\varphi)\\,C_t+\\text{counts}")
  }
<p>With ${is("k", "k")} and correction at rate ${n("rho")}, misalignment peaks at ${
    n("peak")
  } in round ${n("peakRound")} and is ${n("end")} at the end. Without any correction it ends at ${
    n("freeEnd")
  }, and the more tasks are shown each round, the faster it comes.</p>
${
    live(
      "delta",
      "Strategic misalignment over the rounds, with correction and without, for several k",
      `Mean field: what remains as the sampling noise vanishes. <button type="button" id="play">Play ${REPLICATES} replicates</button> <span id="played" role="status"></span>`,
      controls("k", "rounds", "forgetting"),
    )
  }
${
    live(
      "learning",
      "The developer's skills in one round, beside those that are best and those that are scored",
      `What the developer learns, skill by skill. It starts at what is best for the evaluator and is drawn towards what is
scored. Move the round to watch; nothing moves by itself.`,
      `<div class="control"><label for="round">round <i>t</i></label><input type="range" id="round" min="0" max="199"
value="40"><output id="round-value" for="round">40</output></div>`,
    )
  }
${figures("fig_repeated_delta_vs_k")}${twin("fig_repeated_delta_vs_k")}</section>

<section id="correction"><h2>Correction</h2>
<p>The evaluator can correct its own bias as it goes: each round it takes a share ${
    is("\\rho", "rho")
  } of what is over-covered and moves it to the gaps, so that the advantage of knowing the test decays. Learning
and correction race, and the map shows who wins. Click it, or use the sliders.</p>
${
    live(
      "map",
      "Mean strategic misalignment over correction rate and sample size",
      "Time-mean of misalignment over ρ and k, mean field, with the k of least total cost; Monte Carlo is in the paper’s figure below. The cross is where you are.",
      controls("rho", "k", "bandwidth") + correction,
    )
  }
<p>How bad can it get? The textbook’s bound has two terms, what the developer can know and what correction leaves. It
does not always hold. One that does is
${
    display(
      "\\Delta_t\\;\\le\\;\\sqrt2\\,\\lVert g_t\\rVert\\,\\min\\left(1,\\;s_t H/\\lVert\\mu\\rVert\\right)",
    )
  }
<p>It ${n("within")} here; the largest ratio of misalignment to it is ${n("ratio")}.</p>
${
    live(
      "bound",
      "Strategic misalignment and its bounds over the rounds",
      "Green, the bound that holds; dashed, dotted and red, the textbook’s terms; purple, misalignment. Rounds below 0.0001 are not drawn.",
      controls("rho", "bias"),
    )
  }
${figures("fig_repeated_rho_k_colormap", "fig_repeated_validation")}
${twin("fig_repeated_rho_k_colormap", "fig_repeated_validation")}</section>

<section id="how-many"><h2>How many tasks</h2>
<p>Few tasks make a noisy score; many teach the developer. With misalignment weighted by ${
    is("\\gamma", "gamma")
  }, the loss of a round is</p>
${display("\\ell_t=\\frac{\\sigma_t^2}{k}+\\gamma\\,\\Delta_t")}
<p>so there is a best number. Here it is ${
    is("k^*", "best")
  } by the mean field; the closed forms say ${n("textbook")} (steady state) and ${
    n("finite")
  } (finite horizon). Your ${is("k", "k")} costs ${n("here")}, which is ${
    n("times")
  } times the least.</p>
${
    live(
      "cost",
      "Loss over all rounds against the number of tasks scored a round",
      "Loss against k at the chosen ρ. Triangles, the k of least loss; the line and the dot, your k.",
      controls("gamma", "k"),
    )
  }
${
    figures(
      "fig_repeated_rho_k_colormap_total",
      ...closedForms,
    )
  }
${
    twin(
      "fig_repeated_rho_k_colormap_total",
      ...closedForms,
    )
  }</section>

<section id="pool"><h2>From responses to pool</h2>
<p>Where do tasks with skills come from? From a table of models’ answers to a benchmark’s questions: parallel analysis
says how many skills exceed chance, a factor model estimates what each question loads on, and the loadings are
rotated, projected to the positive unit ball and made sparse. What results is the pool that everything above is
played on.</p>
<figure class="live" id="drop"><div class="panel"><label class="choice">pool <select data-s="pool">${pools}</select></label>
<label class="choice file">your own <input type="file" id="file" accept=".npz,.csv,.txt"></label></div>
<figcaption>Have responses of your own? <a href="fit.html">Fit your table here</a>, in this browser, and come back with
its pool. Or drop a pool anywhere on the page: an <code>.npz</code> with an array <code>z</code>, N × d, of rows in
the positive unit ball, or a CSV of such rows. It stays on this computer. <span id="dropped" role="alert"></span></figcaption></figure>
${figures("fig_parallel_analysis")}
<div class="pair">${
    figures("fig_loadings_1", "fig_loadings_2", "fig_loadings_3", "fig_loadings_4")
  }</div></section>

<section id="run"><h2>What was run</h2>${parts.run}</section>`;
}

function variants(drawn: Pick<DrawnFigure, "wide" | "narrow"> | undefined): string {
  if (drawn === undefined) return "";
  if (drawn.wide === undefined) return drawn.narrow;
  return `<div class="wide">${drawn.wide}</div><div class="narrow">${drawn.narrow}</div>`;
}

function paperFigure(figure: DrawnFigure): string {
  const { name, title, caption, isSimulated } = figure;
  const links = ["pdf", "csv"].map((kind) =>
    `<a href="../${name}.${kind}" aria-label="${kind.toUpperCase()} of ${
      escapeHtml(title)
    }">${kind.toUpperCase()}</a>`
  );
  links.push(saveButtons(name, title));
  return `<figure id="${name}" class="paper"><div class="canvas${
    lightOf(name)
  }" role="img" aria-label="${escapeHtml(title)}">${variants(figure)}</div><figcaption><b>${
    escapeHtml(title)
  }.</b> ${isSimulated ? MARK : ""} ${captionHtml(caption)} <span class="files">${
    links.join(" ")
  }</span></figcaption></figure>`;
}

/** Heatmaps keep their colours and their paper where it is dark: inverted, a scale says something else. */
function lightOf(name: string): string {
  return /colormap|asymmetry|loadings|^map$/.test(name) ? " light" : "";
}

/** SVG and PNG are made in the page, from the drawing that is shown. */
function saveButtons(name: string, title: string): string {
  return ["svg", "png"].map((kind) =>
    `<button type="button" class="link" data-save="${kind}" data-name="${name}" aria-label="${kind.toUpperCase()} of ${
      escapeHtml(title)
    }">${kind.toUpperCase()}</button>`
  ).join(" ");
}

/** Sets the subscripts and exponents of a caption, its minus signs, and equations so that no line ends in them. */
export function captionHtml(caption: string): string {
  return escapeHtml(caption)
    .replace(/\^(\p{L})/gu, "<sup>$1</sup>")
    .replace(/(?<=[\s(])-(?=\d)/g, "−")
    .replace(/(?<=\p{L}\*?) = (?=[\d−])/gu, "\u00a0=\u00a0")
    .replace(/(?<=\d) %/g, "\u00a0%")
    .replace(/([\p{L}°Σ])_([\p{L}\d])(?![\p{L}_])/gu, "$1<sub>$2</sub>");
}

function control(control: Control, value: number | null): string {
  const { name, symbol, label, min, max, stops, isWhole } = control;
  const shown = value ?? "";
  const at = nearestStop(control, value ?? stops[0]!);
  const text = `${label}${symbol === "" ? "" : ` ${symbol}`}`;
  return `<div class="control" role="group" aria-label="${escapeHtml(text)}"><span class="name">${
    symbol === "" ? "" : `<i>${symbol}</i> `
  }${escapeHtml(label)}</span><input type="range" data-s="${name}" min="0" max="${
    stops.length - 1
  }" value="${at}" aria-label="${
    escapeHtml(text)
  }" aria-valuetext="${shown}"><input type="number" data-s="${name}"
min="${min}" max="${max}" step="${isWhole ? 1 : "any"}" value="${shown}"${
    name === "forgetting" ? ' placeholder="ρ"' : ""
  } aria-label="${escapeHtml(text)}, exact"></div>`;
}
