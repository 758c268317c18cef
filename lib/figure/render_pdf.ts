// For the key of whoever draws: the fonts are read as files, which no import would show.
import fontPackage from "dejavu-fonts-ttf/package.json" with { type: "json" };
import { length, type SvgElement } from "./style.ts";
import { type Fonts, SvgPainter } from "./svg_painter.ts";

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

/** Room for the note under the picture, and its size, in points. */
const NOTE = { height: 10, size: 6.5 };
const FACES = { regular: "DejaVuSans", italic: "DejaVuSans-Oblique", bold: "DejaVuSans-Bold" };

/**
 * Renders an SVG as a PDF of one page: vectors, selectable text in embedded DejaVu fonts, and bytes
 * that depend on nothing but the arguments.
 *
 * @param svg One unit is a point; it has a width and a height.
 * @param info Title, caption and provenance.
 */
export async function renderPdf(svg: SvgElement, info: PdfInfo): Promise<Uint8Array> {
  const pdf = await import("pdf-lib");
  const { default: fontkit } = await import("@pdf-lib/fontkit");
  const { color } = await import("d3-color");
  const document = await pdf.PDFDocument.create({ updateMetadata: false });
  document.registerFontkit(fontkit);
  const embed = async (face: string): Promise<Fonts["regular"]> =>
    await document.embedFont(await readFont(face), { subset: true });
  const fonts: Fonts = {
    regular: await embed(FACES.regular),
    italic: await embed(FACES.italic),
    bold: await embed(FACES.bold),
  };
  const [width, height] = [length(svg.getAttribute("width")), length(svg.getAttribute("height"))];
  const page = document.addPage([width, height + (info.note === undefined ? 0 : NOTE.height)]);
  new SvgPainter({ pdf, color }, page, fonts).draw(svg, 0);
  if (info.note !== undefined) {
    const textWidth = fonts.italic.widthOfTextAtSize(info.note, NOTE.size);
    page.drawText(info.note, {
      x: width - textWidth - 2,
      y: 3,
      size: NOTE.size,
      font: fonts.italic,
      color: pdf.rgb(0.35, 0.35, 0.35),
    });
  }
  document.setTitle(info.title);
  document.setSubject(info.subject);
  document.setCreator("Strategic Evaluation, reproducible");
  document.setProducer(`pdf-lib; fonts: DejaVu ${fontPackage.version}`);
  document.setCreationDate(new Date(0));
  document.setModificationDate(new Date(0));
  const dictionary = document.context.lookup(document.context.trailerInfo.Info, pdf.PDFDict);
  dictionary.set(pdf.PDFName.of("Provenance"), pdf.PDFHexString.fromText(info.provenance));
  return await document.save({ useObjectStreams: false });
}

async function readFont(face: string): Promise<Uint8Array> {
  return await Deno.readFile(new URL(import.meta.resolve(`dejavu-fonts-ttf/ttf/${face}.ttf`)));
}
