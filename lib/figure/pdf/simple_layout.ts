import fontkit from "@pdf-lib/fontkit";

type Fontkit = typeof fontkit;
type Font = ReturnType<Fontkit["create"]>;

/**
 * Text in which the font's rules replace no letter: Latin and Greek without ligatures or combining marks.
 * For these alone are the rules read, which takes as long as to draw a figure.
 */
const SIMPLE = /^(?!.*f[fil])[\p{Script=Latin}\p{Script=Greek}\p{Script=Common}]*$/su;
/** The slash that makes a fraction of the digits about it. */
const FRACTION = "\u2044";

/** Fontkit, whose fonts lay out simple text letter by letter: the same glyphs. */
export const simpleFontkit: Fontkit = {
  create(data): Font {
    const font = fontkit.create(data);
    const layout = font.layout.bind(font);
    font.layout = (text, features) => {
      if (!SIMPLE.test(text) || text.includes(FRACTION)) return layout(text, features);
      // Of a run, pdf-lib reads the glyphs alone.
      return { glyphs: font.glyphsForString(text) } as ReturnType<Font["layout"]>;
    };
    return font;
  },
};
