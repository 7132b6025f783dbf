/** Colors that people with any color vision tell apart (Okabe & Ito 2008). */
const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

export const colorOf = (series: number): string => colors[series % colors.length];

/** A position in pixels: a tenth is enough, and keeps the text short and stable. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** Text for an SVG document, in an element or between quotes; what XML cannot hold becomes U+FFFD. */
export function escapeText(text: string): string {
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const held = (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
    out += held || character === "\n" || character === "\t" ? entityOf(character) : "\ufffd";
  }
  return out;
}

function entityOf(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case '"':
      return "&quot;";
    case "'":
      return "&#39;";
    default:
      return character;
  }
}

/** A text element. */
export function textAt(x: number, y: number, anchor: "start" | "middle" | "end", text: string, more = ""): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}"${more}>${escapeText(text)}</text>`;
}

/** About how wide a text is, in pixels at the size of labels. */
export const widthOf = (text: string): number => 6.5 * text.length;
