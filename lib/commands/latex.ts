/** The Greek letters by their LaTeX names; those without one look like Latin letters. */
const GREEK =
  "α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta " +
  "ι iota κ kappa λ lambda μ mu µ mu ν nu ξ xi π pi ρ rho ς varsigma σ sigma τ tau υ upsilon " +
  "φ varphi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Υ Upsilon " +
  "Φ Phi Ψ Psi Ω Omega";

/** Raised and lowered signs, and what is raised or lowered. */
const [RAISED, LOWERED, PLAIN] = ["⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "₀₁₂₃₄₅₆₇₈₉₊₋ₙₜ", "0123456789+-nT"];

/** Signs of mathematics as LaTeX writes them in math. Σ is a sum wherever a caption has one. */
const MATH: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...GREEK.matchAll(/(\S+) (\w+)/g)].map(([, letter, name]) => [letter, `\\${name}`]),
  ),
  ...Object.fromEntries([...RAISED].map((sign, i) => [sign, `^{${PLAIN[i]}}`])),
  ...Object.fromEntries([...LOWERED].map((sign, i) => [sign, `_{${PLAIN[i]}}`])),
  ...{ "Σ": "\\sum", "∑": "\\sum", "∏": "\\prod", "∫": "\\int", "√": "\\surd", "∂": "\\partial" },
  ...{ "·": "\\cdot", "×": "\\times", "÷": "\\div", "±": "\\pm", "∓": "\\mp", "−": "-" },
  ...{ "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "≡": "\\equiv", "∼": "\\sim" },
  ...{ "≪": "\\ll", "≫": "\\gg", "∝": "\\propto", "∞": "\\infty", "∈": "\\in", "∉": "\\notin" },
  ...{ "→": "\\to", "←": "\\gets", "↔": "\\leftrightarrow", "↦": "\\mapsto", "⇒": "\\Rightarrow" },
  ...{ "∪": "\\cup", "∩": "\\cap", "⊂": "\\subset", "⊆": "\\subseteq", "∅": "\\emptyset" },
  ...{
    "‖": "\\|",
    "⟨": "\\langle",
    "⟩": "\\rangle",
    "°": "^{\\circ}",
    "∘": "\\circ",
    "ℓ": "\\ell",
  },
  ...{ "∀": "\\forall", "∃": "\\exists", "∇": "\\nabla", "⊤": "\\top", "⊥": "\\bot", "¬": "\\neg" },
  ...{ "●": "\\bullet", "○": "\\circ", "✖": "\\times" },
  ...{ "<": "<", ">": ">", "|": "|" },
};

/** Signs of text that LaTeX, with whatever encoding of fonts, has another name for. */
const TEXT: Readonly<Record<string, string>> = {
  ...{ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" },
  ...{
    "–": "--",
    "—": "---",
    "…": "\\ldots{}",
    "\u00a0": "~",
    "\u202f": "\\,",
    "\u2009": "\\,",
    '"': "''",
  },
  ...{
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "•": "\\textbullet{}",
    "†": "\\dag{}",
    "‡": "\\ddag{}",
  },
  ...{ "§": "\\S{}", "€": "EUR", "′": "'", " %": "~\\%", "--": "-{}-" },
};

const letters = "A-Za-z\u0370-\u03ff";
const inside = (signs: readonly string[]): string => signs.join("").replace(/[\\\]^-]/g, "\\$&");

/** In the order in which they are tried; groups are named after what they find. */
const PARTS = new RegExp(
  [
    // A symbol with an index, as in Δ_t or N_0; never part of a name such as pool_size.
    `(?<![\\p{L}\\p{N}_])(?<base>[${letters}])_(?<index>[${letters}0-9]+)(?<star>\\*?)(?!_)`,
    `\\^(?<power>[${letters}0-9]+)`,
    // A letter on its own is a symbol, but for the words a, A and I.
    `(?<![\\p{L}\\p{N}_'’.])(?<symbol>[b-zB-HJ-Z])(?<starred>\\*?)(?![\\p{L}\\p{N}_'’]|\\.\\p{L})`,
    "(?<text> %|--)",
    `(?<math>[${inside(Object.keys(MATH))}])`,
    "(?<special>[{}$&#%_])",
    `(?<sign>[${inside(Object.keys(TEXT).filter(({ length }) => length === 1))}])`,
  ].join("|"),
  "gu",
);

/**
 * Plain text as LaTeX that needs no package, for pdfLaTeX as for XeLaTeX and LuaLaTeX: signs and symbols of
 * mathematics are in math, special characters escaped. Letters with accents stay as they are.
 */
export function latex(text: string): string {
  return text.normalize("NFC").replace(PARTS, (found, ...rest) => {
    const { base, index, star, power, symbol, starred, special, math } = rest.at(-1);
    if (base !== undefined) return inMath(`${mathOf(base)}_{${mathOf(index)}}${star && "^{*}"}`);
    if (power !== undefined) return inMath(`^{${mathOf(power)}}`);
    if (symbol !== undefined) return inMath(`${symbol}${starred && "^{*}"}`);
    if (math !== undefined) return inMath(mathOf(math));
    if (special !== undefined) return `\\${special}`;
    return TEXT[found] ?? found;
  });
}

function inMath(text: string): string {
  return `\\ensuremath{${text}}`;
}

function mathOf(text: string): string {
  const signs = [...text].map((sign) => MATH[sign] ?? sign);
  // A command ends where no letter follows.
  return signs.map((sign, i) =>
    /\\[a-z]+$/i.test(sign) && /^[a-z]/i.test(signs[i + 1] ?? "") ? `${sign} ` : sign
  )
    .join("");
}
