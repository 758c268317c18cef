/** A stretch of text set in one size, on one line. */
export interface TextRun {
  readonly text: string;
  /** How far above the base line, as a share of the font size. */
  readonly rise: number;
  /** Size as a share of the font size. */
  readonly scale: number;
  readonly italic: boolean;
}

const SUBSCRIPT = { rise: -0.2, scale: 0.72 };
const SUPERSCRIPT = { rise: 0.36, scale: 0.72 };
const BASE = { rise: 0, scale: 1 };

/**
 * Splits marked-up text: `_{…}` or `_x` is a subscript, `^{…}` or `^x` a superscript, and `*…*`,
 * inside or outside these, is italic. `\` takes the mark out of the next character.
 *
 * @example
 * ```ts
 * import { textRuns } from "./text_runs.ts";
 * const texts = textRuns("*Δ*_{t}").map((run) => run.text);
 * if (texts.join("|") !== "Δ|t") throw new Error(texts.join("|"));
 * ```
 *
 * @param text The text.
 * @returns Its runs, none of them empty.
 */
export function textRuns(text: string): TextRun[] {
  const runs: TextRun[] = [];
  let [level, italic, collected, braced] = [BASE, false, "", false];
  const flush = (): void => {
    if (collected !== "") runs.push({ text: collected, ...level, italic });
    collected = "";
  };
  const to = (next: typeof BASE): void => {
    flush();
    level = next;
  };
  const characters = Array.from(text);
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    if (character === "*") {
      flush();
      italic = !italic;
    } else if ((character === "_" || character === "^") && level === BASE) {
      to(character === "_" ? SUBSCRIPT : SUPERSCRIPT);
      braced = characters[i + 1] === "{";
      if (braced) i++;
    } else if (character === "}" && braced) {
      braced = false;
      to(BASE);
    } else {
      collected += character === "\\" ? characters[++i] ?? "" : character;
      if (level !== BASE && !braced) to(BASE);
    }
  }
  flush();
  return runs;
}
