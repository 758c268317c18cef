import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import temml from "temml";
import { latex } from "../../lib/commands/latex.ts";
import { Project } from "../runner/project.ts";
import { allowed } from "../support.ts";

/** Text and its LaTeX. */
const CASES: readonly (readonly [text: string, latex: string])[] = [
  ["5 % of $3 & #1_a {b}", String.raw`5~\% of \$3 \& \#1\_a \{\ensuremath{b}\}`],
  [
    String.raw`C:\x ~ ^ <y> | "z"`,
    String
      .raw`\ensuremath{C}:\textbackslash{}\ensuremath{x} \textasciitilde{} \textasciicircum{} \ensuremath{<}\ensuremath{y}\ensuremath{>} \ensuremath{|} ''\ensuremath{z}''`,
  ],
  [
    "Δ_t = ρ·σ_t²",
    String
      .raw`\ensuremath{\Delta_{t}} = \ensuremath{\rho}\ensuremath{\cdot}\ensuremath{\sigma_{t}}\ensuremath{^{2}}`,
  ],
  [
    "Σ_t (1 − ρ)^t √(D_0/2)",
    String
      .raw`\ensuremath{\sum_{t}} (1 \ensuremath{-} \ensuremath{\rho})\ensuremath{^{t}} \ensuremath{\surd}(\ensuremath{D_{0}}/2)`,
  ],
  [
    "k* = 1, k*_rho, N_eff*",
    String.raw`\ensuremath{k^{*}} = 1, \ensuremath{k}*\_rho, \ensuremath{N_{eff}^{*}}`,
  ],
  ["a pool_size, the textbook's, A and I", String.raw`a pool\_size, the textbook's, A and I`],
  [
    "10–90 -- e.g. x_αβ… Rényi’s “θ°”",
    String
      .raw`10--90 -{}- e.g. \ensuremath{x_{\alpha\beta}}\ldots{} Rényi's ${"``"}\ensuremath{\theta}\ensuremath{^{\circ}}''`,
  ],
  [
    "β·x μm ξ_i",
    String
      .raw`\ensuremath{\beta}\ensuremath{\cdot}\ensuremath{x} \ensuremath{\mu}m \ensuremath{\xi_{i}}`,
  ],
  [
    "e\u0301 ‖g‖ ≤ ∞ → 0",
    String
      .raw`é \ensuremath{\|}\ensuremath{g}\ensuremath{\|} \ensuremath{\le} \ensuremath{\infty} \ensuremath{\to} 0`,
  ],
  ["line π_1x and π_ρk", String.raw`line \ensuremath{\pi_{1x}} and \ensuremath{\pi_{\rho k}}`],
];

Deno.test("latex() escapes what LaTeX would take for a command, and sets symbols in math", () => {
  for (const [text, expected] of CASES) {
    assert.equal(latex(text), expected, text);
    for (const [, math = ""] of expected.matchAll(/\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}/g)) {
      temml.renderToString(math, { throwOnError: true });
    }
  }
});

Deno.test({
  name: "latex() knows every sign that a caption can have",
  ignore: !allowed("read"),
  fn: () => {
    const signs = ["figure", "game/summaries"].flatMap((folder) => {
      const url = new URL(`../../lib/${folder}/`, import.meta.url);
      return [...Deno.readDirSync(url)].filter(({ name }) => name.endsWith(".ts"))
        .flatMap(({ name }) =>
          Deno.readTextFileSync(new URL(name, url)).match(/[^\0-\x7f]/g) ?? []
        );
    });
    assert.ok(signs.includes("ρ"));
    for (const sign of new Set(signs)) assert.match(latex(sign), /^[\0-\x7f]+$/, sign);
  },
});

const DRAW = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Draws",
  params: z.object({ width: z.number() }),
  inputs: {},
  outputs: { pdf: { kind: "pdf" }, csv: { kind: "csv" } },
  async run({ outputs }) {
    await Deno.writeTextFile(outputs.pdf, "%PDF");
    await Deno.writeTextFile(outputs.csv, CSV);
  },
});
const CSV = "# A & more\\n# Gap Δ_t of k* at 5 %.\\n# provenance: {}\\n# k: tasks\\nk\\n1\\n";
`;

const FIGURE = `  fig_a_0.1:
    task: tasks/draw.ts
    params: { width: 3.3 }
    outputs: { pdf: figures/fig_a_0.1.pdf, csv: figures/fig_a_0.1.csv }
`;

const TEX = String.raw`
\begin{figure}
  \centering
  \includegraphics[width=\linewidth]{{fig_a_0.1}.pdf}
  \caption[{A \& more}]{\textbf{A \& more.} Gap \ensuremath{\Delta_{t}} of \ensuremath{k^{*}} at 5~\%.}
  \label{fig:a_0.1}
\end{figure}
`;

Deno.test({
  name: "captions writes what stands in the figures' CSV as Markdown and LaTeX, --copy copies it",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    const none = await project.run("captions", "figures/sum.txt");
    assert.equal(none.code, 2);
    assert.match(none.err, /^Cannot write captions: figures\/sum\.txt makes no figure/);
    await project.write("tasks/draw.ts", DRAW);
    await project.write("workflow.yaml", await project.read("workflow.yaml") + FIGURE);
    const markdown = await project.run("captions");
    assert.match(markdown.out, /\nCaptions of 1 figure: figures\/captions\.md\n$/, markdown.err);
    const md = "# Captions\n\n## fig\\_a\\_0.1\n\n**A & more.** Gap Δ\\_t of k\\* at 5 %.\n";
    assert.equal(await project.read("figures/captions.md"), md);
    await project.run("captions", "--format", "tex", "--copy-to", "paper");
    const tex = await project.read("paper/captions.tex");
    assert.equal(tex.slice(-TEX.length), TEX);
    assert.deepEqual(JSON.parse((await project.run("captions", "--json")).out), [
      { figure: "fig_a_0.1", title: "A & more", caption: "Gap Δ_t of k* at 5 %.", width: 3.3 },
    ]);
    await project.run("reproduce", "--copy-to", "both", "--copy", "csv,captions");
    const names = ["captions.md", "captions.tex", "fig_a_0.1.csv"];
    assert.deepEqual((await project.list("both")).sort(), names);
  },
});

/** Of a task: writes what `verdicts.json` has. */
const JUDGE = `import { z } from "zod";
import { defineTask } from "../lib/runner/task.ts";
export default defineTask({
  description: "Judges",
  params: z.object({}),
  inputs: { from: { kind: "json" } },
  outputs: { json: { kind: "json" }, report: { kind: "md" } },
  async run({ inputs, outputs }) {
    await Deno.copyFile(inputs.from.path, outputs.json);
    await Deno.writeTextFile(outputs.report, "how sure");
  },
});
`;

const REPORT = `  robustness_report:
    task: tasks/judge.ts
    inputs: { from: verdicts.json }
    on_request: true
    outputs: { json: figures/robustness.json, report: figures/robustness.md }
`;

const verdict = (statement: string, verdict: string, ...breaks_with: string[]): unknown => ({
  ...{ kind: "claim", figure: "fig_a_0.1", statement, measured: "", verdict, breaks_with },
});

Deno.test({
  name: "captions say how sure what a figure shows is, where that was found out and is not stale",
  ignore: !allowed("read", "write", "run", "env"),
  fn: async () => {
    await using project = await Project.create();
    await project.write("tasks/draw.ts", DRAW);
    await project.write("tasks/judge.ts", JUDGE);
    await project.write("workflow.yaml", await project.read("workflow.yaml") + FIGURE + REPORT);
    const judge = async (...lines: unknown[]): Promise<void> =>
      await project.write("verdicts.json", JSON.stringify(lines));
    const captions = async (): Promise<string> => {
      await project.run("captions");
      return (await project.read("figures/captions.md")).split("5 %.")[1]!.trim();
    };
    await judge(
      verdict("Δ rises.", "robust"),
      verdict("k falls", "fragile", "d = 1", "tau = 0", "one skill", "T = 50", "pools (1 of 9)"),
      verdict("k is 3", "not supported", "d = 1"),
      { ...verdict("other", "robust") as object, figure: "fig_b" },
    );
    assert.equal(await captions(), "");
    assert.match(
      (await project.run("captions")).out,
      /how sure the claims are, run deno task robustness/,
    );
    await project.run("build", "robustness_report");
    const sure = "Robust under other choices, samples and controls: Δ rises. Fragile: k falls " +
      "(breaks with d = 1, tau = 0, one skill and 2 more). Not supported: k is 3.";
    assert.equal(await captions(), sure);
    await project.run("reproduce", "--copy-to", "copied", "--copy", "captions");
    assert.ok((await project.read("copied/captions.md")).trimEnd().endsWith(sure));
    assert.doesNotMatch((await project.run("captions")).out, /how sure/);
    await judge();
    assert.equal(await captions(), "");
  },
});

const PAPER = String.raw`\documentclass[twocolumn]{article}
\usepackage{graphicx}
\begin{document}
\begin{figure}\caption{TEXT}\end{figure}
\end{document}
`;

const hasTex = allowed("read", "write", "run", "env") &&
  (await new Deno.Command("sh", { args: ["-c", "command -v pdflatex"], stdout: "null" }).output())
    .success;

Deno.test({
  name: "latex() gives what pdfLaTeX takes without a package",
  // There is no TeX on most machines that run tests.
  ignore: !hasTex,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const source = Deno.readTextFileSync(
      fromFileUrl(new URL("../../lib/commands/latex.ts", import.meta.url)),
    );
    const signs = [...new Set(source.match(/[^\0-\x7f]/g))].join(" ");
    const text = latex([...CASES.map(([text]) => text), signs].join("; "));
    await Deno.writeTextFile(join(folder, "paper.tex"), PAPER.replace("TEXT", () => text));
    const { success, stdout } = await new Deno.Command("pdflatex", {
      args: ["-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
      cwd: folder,
    }).output();
    assert.ok(success, new TextDecoder().decode(stdout));
    await Deno.remove(folder, { recursive: true });
  },
});
