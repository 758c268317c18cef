import type { Page } from "../../lib/figure/kit/plot_svg.ts";

/** A page of jsdom's, of a printed width in inches. */
export async function page(width: number): Promise<Page> {
  const { JSDOM } = await import("jsdom");
  const { document } = new JSDOM("").window as unknown as { readonly document: Document };
  return { document, width };
}
