import { z } from "zod";
import type { MadeArticle } from "../lib/page/make_article.ts";
import type { PageCode } from "../lib/page/page_code.ts";
import { pageHtml } from "../lib/page/page_html.ts";
import { defineTask } from "../lib/runner/task.ts";

/** Makes the page: the figures, the games live, and what was run, in one file. */
export default defineTask({
  description: "Makes the page with all figures, live, in one HTML file",
  params: z.object({}),
  inputs: { article: { kind: "json" }, code: { kind: "json" } },
  outputs: { page: { kind: "html" } },
  async run({ inputs, outputs }): Promise<void> {
    const read = async (path: string): Promise<unknown> =>
      JSON.parse(await Deno.readTextFile(path));
    const article = await read(inputs.article!.path) as MadeArticle;
    const code = await read(inputs.code!.path) as PageCode;
    await Deno.writeTextFile(outputs.page, pageHtml(article, code));
  },
});
