import { checkSeries, colors, escape, figure, legend, linearAxis, plotOf, px, type FigureOptions } from "./axes";

/** One line; where y is not finite it is interrupted. */
export interface Line {
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** dashed, for references and nulls */
  readonly dashed?: boolean;
}

/** A line figure may mark places on x, such as where the task changes. */
export interface LineFigureOptions extends FigureOptions {
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** y on a logarithmic axis: values at or below zero are left out */
  readonly logY?: boolean;
}

/**
 * Lines over a common axis, such as a loss against steps.
 *
 * @returns one SVG document as text; the caller saves it, shows it or drops it
 * @throws RangeError when a line's x and y differ in length
 * @example lineFigure([{ label: "loss", x: [0, 1, 2], y: [3, 2, 1.5] }], { xLabel: "step" }).startsWith("<svg") // true
 */
export function lineFigure(lines: readonly Line[], options: LineFigureOptions = {}): string {
  checkSeries("lineFigure", lines);
  const { left, right, top, bottom } = plotOf(options),
    { marks = [], logY = false } = options;
  const scale = (value: number) => (logY ? (value > 0 ? Math.log10(value) : NaN) : value);
  const ys = lines.map(({ y }) => Array.from(y, scale));
  const x = linearAxis([...lines.flatMap((line) => Array.from(line.x)), ...marks.map((mark) => mark.x)], left, right),
    linear = linearAxis(ys.flat(), bottom, top);
  const decades = linear.ticks.filter(Number.isInteger);
  const y = logY
    ? {
        at: (value: number) => linear.at(Math.log10(value)),
        ticks: (decades.length > 0 ? decades : linear.ticks).map((tick) => 10 ** tick),
      }
    : linear;
  const drawn = lines.map((line, i) => {
    let path = "",
      pen = "M";
    for (let k = 0; k < line.x.length; k++) {
      const finite = Number.isFinite(line.x[k]) && Number.isFinite(ys[i][k]);
      if (finite) path += `${pen}${px(x.at(line.x[k]))} ${px(linear.at(ys[i][k]))}`;
      pen = finite ? "L" : "M";
    }
    return `<path d="${path}" fill="none" stroke="${colors[i % colors.length]}" stroke-width="1.6"${line.dashed ? ' stroke-dasharray="5 4"' : ""}/>`;
  });
  const marked = marks.map(
    (mark) =>
      `<path d="M${px(x.at(mark.x))} ${top}V${bottom}" stroke="#888" stroke-dasharray="2 3"/><text x="${px(x.at(mark.x) + 4)}" y="${bottom - 6}" fill="#666">${escape(mark.label)}</text>`,
  );
  return figure(
    options,
    x,
    y,
    marked.join("") +
      drawn.join("") +
      legend(
        options,
        lines.map((line) => line.label),
        highestInLastQuarter(lines, ys),
      ),
  );
}

/** Whether the highest point of all lines is where a legend at the upper right would lie over it. */
function highestInLastQuarter(lines: readonly Line[], ys: readonly (readonly number[])[]): boolean {
  const points = lines
    .flatMap(({ x }, i) => Array.from(x, (at, k) => ({ at, y: ys[i][k] })))
    .filter(({ y }) => Number.isFinite(y));
  if (points.length === 0) return false;
  const highest = points.reduce((p, q) => (q.y > p.y ? q : p)).at,
    first = points.reduce((least, { at }) => Math.min(least, at), Infinity),
    last = points.reduce((most, { at }) => Math.max(most, at), -Infinity);
  return last > first && highest >= last - (last - first) / 4;
}
