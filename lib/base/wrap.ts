/**
 * Breaks a text into lines at spaces.
 *
 * @param width Characters a line, if words allow.
 * @param indent What lines after the first begin with.
 */
export function wrap(text: string, width: number, indent: string): string[] {
  const [, lead = "", rest = ""] = /^(\s*)(.*)$/s.exec(text) ?? [];
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (const word of rest.split(" ")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
