/**
 * Widths of the printable characters of ASCII in thousandths of the size of the letters, of DejaVu Sans: the widest of
 * the fonts that systems have for their own texts, so that a text has room everywhere.
 */
const ascii = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
] as const;

/** The width of a text in pixels; bold letters are a tenth wider, and characters of other scripts as wide as high. */
export function textWidth(text: string, size: number, bold: boolean): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    sum += ascii[code - 32] ?? (code < 0x2e80 ? 700 : 1000);
  }
  return (sum * size * (bold ? 1.11 : 1)) / 1000;
}
