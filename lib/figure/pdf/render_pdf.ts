// For the key of whoever draws: the fonts are read as files, which no import would show.
import fontPackage from "dejavu-fonts-ttf/package.json" with { type: "json" };
import { simpleFontkit } from "./simple_layout.ts";
import {
  PDFDict,
  PDFDocument,
  type PDFFont,
  PDFHexString,
  PDFName,
  type PDFPage,
  rgb,
} from "pdf-lib";
import { Canvas } from "./canvas.ts";
import { drawSvg } from "./draw_svg.ts";
import { length } from "./style.ts";

/** What is written into a PDF beside the picture. */
export interface PdfInfo {
  readonly title: string;
  /** The caption. */
  readonly subject: string;
  /** JSON; kept as the entry `Provenance` of the document's information. */
  readonly provenance: string;
  /** A short line under the picture, such as "simulated responses". */
  readonly note: string | undefined;
}

/** Room for the note under the picture, its size and its distance from the corner, in points. */
const NOTE = { height: 10, size: 6.5, right: 2, bottom: 3, color: rgb(0.35, 0.35, 0.35) };

/**
 * Renders an SVG as a PDF of one page: vectors, selectable text in embedded DejaVu fonts, and bytes
 * that depend on nothing but the arguments.
 *
 * @param svg One unit is a point; it has a width and a height.
 * @param info Title, caption and provenance.
 */
export async function renderPdf(svg: Element, info: PdfInfo): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.registerFontkit(simpleFontkit);
  const embed = async (face: string): Promise<PDFFont> =>
    await document.embedFont(await readFont(face), { subset: true });
  const fonts = {
    regular: await embed("DejaVuSans"),
    italic: await embed("DejaVuSans-Oblique"),
    bold: await embed("DejaVuSans-Bold"),
  };
  const [width, height] = [length(svg.getAttribute("width")), length(svg.getAttribute("height"))];
  const page = document.addPage([width, height + (info.note === undefined ? 0 : NOTE.height)]);
  drawSvg(new Canvas(page, fonts), svg);
  if (info.note !== undefined) drawNote(page, info.note, fonts.italic);
  describe(document, info);
  return await document.save({ useObjectStreams: false });
}

function drawNote(page: PDFPage, note: string, font: PDFFont): void {
  const { size, right, bottom, color } = NOTE;
  const x = page.getWidth() - font.widthOfTextAtSize(note, size) - right;
  page.drawText(note, { x, y: bottom, size, font, color });
}

function describe(document: PDFDocument, { title, subject, provenance }: PdfInfo): void {
  document.setTitle(title);
  document.setSubject(subject);
  document.setCreator("Strategic Evaluation, reproducible");
  document.setProducer(`pdf-lib; fonts: DejaVu ${fontPackage.version}`);
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
  const dictionary = document.context.lookup(document.context.trailerInfo.Info, PDFDict);
  dictionary.set(PDFName.of("Provenance"), PDFHexString.fromText(provenance));
}

async function readFont(face: string): Promise<Uint8Array> {
  return await Deno.readFile(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${face}.ttf`)));
}
