import { readOptions, type FieldsOf } from "../base";
import { linearAxis, logAxis, type Axis } from "./axis";
import { figureFields, type FigureOptions } from "./figure-options";
import { frame, plotHeight, plotWidth, type Plot } from "./frame";
import { layNames } from "./names";
import { checkNumbers, everyValue, readSeries } from "./series";
import { colorOf, px, textAt, widthOf } from "./svg";

/** One line; where x or y is not finite it is interrupted. */
export interface Line {
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** dashed, for references and null models */
  readonly dashed?: boolean;
}

/** A place on the x axis to point out. */
export interface Mark {
  readonly x: number;
  readonly label: string;
  /** lines are not joined across it, as where the task jumps; default false */
  readonly breaks?: boolean;
}

/** A line figure may mark places on x, such as where the task changes. */
export interface LineFigureOptions extends FigureOptions {
  readonly marks?: readonly Mark[];
  /** y on a logarithmic axis: values at or below zero are left out; default false */
  readonly logY?: boolean;
}

const lineFields = {
  label: { is: "text" },
  x: { is: "checked", check: checkNumbers, needed: true },
  y: { is: "checked", check: checkNumbers, needed: true },
  dashed: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<Line>;

const markFields = {
  x: { is: "number", needed: true },
  label: { is: "text", needed: true },
  breaks: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<Mark>;

/**
 * Lines over a common axis, such as a loss against steps. Their names stand in rows above the plot.
 *
 * @returns one SVG document as text; the caller saves it, shows it or drops it
 * @throws {@link LtrnnError} when x and y of a line differ in length or are no numbers, and for over a million points
 * @example lineFigure([{ label: "loss", x: [0, 1, 2], y: [3, 2, 1.5] }], { xLabel: "step" }).startsWith("<svg") // true
 */
export function lineFigure(lines: readonly Line[], options?: LineFigureOptions): string {
  return drawLines("lineFigure", lines, options);
}

/** {@link lineFigure}, for the function `where`. */
export function drawLines(where: string, lines: readonly Line[], given?: LineFigureOptions): string {
  const series = readSeries(where, "lines", lines, lineFields);
  const lineFigureFields = {
    ...figureFields,
    marks: { is: "list", of: { is: "record", of: markFields }, fallback: [] },
    logY: { is: "boolean", fallback: false },
  } as const satisfies FieldsOf<LineFigureOptions>;
  const { marks, logY, ...options } = readOptions(where, given, lineFigureFields);
  const names = layNames(series, options.width - 72);
  const { top, bottom } = plotHeight(options, names.height + (marks.length > 0 ? 15 : 0));
  const y = (logY ? logAxis : linearAxis)(everyValue(series.map((line) => line.y)), bottom, top);
  const { left, right } = plotWidth(options, y);
  const xs = everyValue([...series.map((line) => line.x), marks.map((mark) => mark.x)]);
  const x = linearAxis(xs, left, right),
    plot = { left, right, top, bottom };
  const breaks = marks.filter((mark) => mark.breaks).map((mark) => mark.x);
  const drawn = series.map((line, i) => pathOf(line, breaks, x, y, colorOf(i)));
  const content = marks.map((mark) => drawMark(mark, x, plot)).join("") + drawn.join("");
  return frame(options, plot, x, y, content + names.draw(left, options.title ? 26 : 6));
}

function pathOf(line: Line, breaks: readonly number[], xAxis: Axis, yAxis: Axis, color: string): string {
  let path = "",
    pen = "M";
  for (let k = 0; k < line.x.length; k++) {
    const x = xAxis.position(line.x[k]),
      y = yAxis.position(line.y[k]);
    const finite = Number.isFinite(x) && Number.isFinite(y);
    if (k > 0 && breaks.some((at) => line.x[k - 1] < at !== line.x[k] < at)) pen = "M";
    if (finite) path += `${pen}${px(x)} ${px(y)}`;
    pen = finite ? "L" : "M";
  }
  const dash = line.dashed ? ' stroke-dasharray="5 4"' : "";
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.6"${dash}/>`;
}

/** A dashed vertical line, its name right above the plot. */
function drawMark({ x, label }: Mark, axis: Axis, { left, right, top, bottom }: Plot): string {
  const at = axis.position(x),
    half = widthOf(label) / 2;
  const anchor = at - half < left ? "start" : at + half > right ? "end" : "middle";
  const line = `<path d="M${px(at)} ${px(top)}V${px(bottom)}" stroke="#888" stroke-dasharray="2 3"/>`;
  return line + textAt(at, top - 4, anchor, label, ' fill="#666"');
}
