import type { MadeArticle } from "./make_article.ts";
import type { PageCode } from "./page_code.ts";
import { STYLE } from "./style.ts";

/** Nothing is fetched: the browser itself is told to refuse. */
export const POLICY = "default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; " +
  "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The page as one file. */
export function pageHtml(
  { article, data }: MadeArticle,
  { app, worker, licences }: PageCode,
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>When the test-taker learns the test: strategic evaluation, reproduced</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style></head>
<body><main>${article}</main>
<script type="application/json" id="data">${data.replaceAll("<", "\\u003c")}</script>
<script type="text/plain" id="licences">${licences.replaceAll("</", "<\\/")}</script>
<script type="text/plain" id="worker">${worker}</script>
<script>${app}</script>
</body></html>
`;
}
