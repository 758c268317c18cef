import { z } from "zod";
import { InputError } from "../lib/base/errors.ts";
import type { ClaimsByTable } from "../lib/claims/claims_by_table.ts";
import { claimsMarkdown } from "../lib/claims/claims_markdown.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Writes and draws the claims of several tables. */
export default defineTask({
  description: "Compares the claims of several tables of responses",
  params: z.object({ width: z.number().min(2).max(12) }),
  inputs: { claims: { kind: "json", optional: true } },
  outputs: {
    pdf: { kind: "pdf" },
    csv: { kind: "csv" },
    markdown: { kind: "md" },
    json: { kind: "json" },
  },
  async run({ params, inputs: { claims }, outputs, provenance }): Promise<void> {
    if (claims === undefined) {
      throw new InputError("There are no tables to compare; write: deno task claims --tables A,B");
    }
    const { JSDOM } = await import("jsdom");
    const { claimsFigure } = await import("../lib/figure/claims_figure.ts");
    const { encodeCsv } = await import("../lib/figure/kit/csv.ts");
    const { renderPdf } = await import("../lib/figure/pdf/render_pdf.ts");
    const found = JSON.parse(await Deno.readTextFile(claims.path)) as ClaimsByTable;
    const { document } = new JSDOM("").window as unknown as { readonly document: Document };
    const { title, caption, svg, columns } = claimsFigure(found, { document, width: params.width });
    const from = JSON.stringify({ ...provenance, inputs: { claims: claims.digest } });
    const info = { title, subject: caption, provenance: from, note: undefined };
    await Deno.writeFile(outputs.pdf, await renderPdf(svg, info));
    await Deno.writeTextFile(
      outputs.csv,
      encodeCsv([title, caption, `provenance: ${from}`], columns),
    );
    await Deno.writeTextFile(outputs.markdown, claimsMarkdown(found));
    await Deno.writeTextFile(outputs.json, `${JSON.stringify(found, null, 2)}\n`);
  },
});
