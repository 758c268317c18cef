// Prints a digest of everything in each PDF but the provenance: page content, fonts, title, caption, size.
import { PDFDocument, PDFDict, PDFName, PDFRawStream, decodePDFRawStream } from "pdf-lib";
const hex = (b: ArrayBuffer) => Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, "0")).join("");
for (const path of Deno.args) {
  const doc = await PDFDocument.load(await Deno.readFile(path), { updateMetadata: false });
  const info = doc.context.lookup(doc.context.trailerInfo.Info, PDFDict);
  info.delete(PDFName.of("Provenance"));
  const parts: string[] = [];
  const rounded: string[] = [];
  for (const [ref, object] of doc.context.enumerateIndirectObjects()) {
    const body = object instanceof PDFRawStream
      ? object.dict.toString() + hex(await crypto.subtle.digest("SHA-256", object.contents as BufferSource))
      : object.toString();
    parts.push(`${ref} ${body}`);
    // A page's content is text: the same, with its numbers to 5 decimals, so that rounding noise is told from a change.
    let near = body.replace(/-?\d+\.\d+(e-?\d+)?/g, (x) => String(Number(Number(x).toFixed(5)) + 0));
    if (object instanceof PDFRawStream && object.dict.keys().length === 2 && /FlateDecode/.test(object.dict.toString())) {
      const text = new TextDecoder("latin1").decode(decodePDFRawStream(object).decode());
      if (/ cm\n/.test(text)) near = text.replace(/-?\d*\.?\d+(e-?\d+)?/g, (x) => String(Number(Number(x).toFixed(5)) + 0));
    }
    rounded.push(`${ref} ${near}`);
  }
  const digest = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts.join("\n"))));
  const close = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(rounded.join("\n"))));
  if (Deno.env.get("DUMP")) await Deno.writeTextFile(Deno.env.get("DUMP")!, rounded.join("\n"));
  console.log(`${digest} ${close} ${path.split("/").at(-1)}`);
}
