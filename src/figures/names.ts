import { colorOf, px, textAt, widthOf } from "./svg";

/** The names of series, in rows between the title and the plot, so that they lie across no line. */
export interface Names {
  readonly height: number;
  /** the rows as SVG, from `top` on */
  draw(left: number, top: number): string;
}

const rowHeight = 15,
  sample = 16; // the stroke before a name, with its gap

/** Lay names out in rows of at most `width` pixels; a series without a name takes no room. */
export function layNames(
  series: readonly { readonly label?: string; readonly dashed?: boolean }[],
  width: number,
): Names {
  const items: { x: number; row: number; text: string; index: number }[] = [];
  let x = 0,
    row = 0;
  series.forEach(({ label }, index) => {
    if (!label) return;
    const text = shortened(label, width - sample);
    const needed = sample + widthOf(text);
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    items.push({ x, row, text, index });
    x += needed + 12;
  });
  const draw = (left: number, top: number) =>
    items
      .map(({ x: start, row: line, text, index }) => {
        const y = top + rowHeight * line + 11,
          color = colorOf(index);
        const dash = series[index].dashed ? ' stroke-dasharray="4 3"' : "";
        const stroke = `<path d="M${px(left + start)} ${px(y - 4)}h12" stroke="${color}" stroke-width="2"${dash}/>`;
        return stroke + textAt(left + start + sample, y, "start", text, ` fill="${color}"`);
      })
      .join("");
  return { height: items.length === 0 ? 0 : rowHeight * (row + 1), draw };
}

function shortened(text: string, width: number): string {
  const most = Math.max(4, Math.floor(width / widthOf("x")));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
