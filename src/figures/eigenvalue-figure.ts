import { fail, isRecord, readOptions, show } from "../base";
import { checkFinite, checkSameShape, checkTensor, type Matrix } from "../tensor";
import { barOf, colorBar, gray, shades } from "./config";
import { checkCount } from "./fields";
import { inWords, jsonNumber } from "./figure-of";
import { lineLayer } from "./line-figure";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, wholePlot, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";

/** What is drawn of eigenvalues over trials. */
export interface EigenvaluesShown {
  /** (trials × eigenvalues) */
  readonly real: Matrix;
  readonly imaginary: Matrix;
}

const mostPoints = 200_000;

/**
 * Eigenvalues of the weights W^(k) over trials: in the complex plane, lighter at later trials, beside the circle of
 * radius 1 and the line where the real part is 1; and their largest real part and size against trials.
 *
 * @param eigenvalues - as {@link weightEigenvalues} gives them
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when real and imaginary parts are no finite matrices of one shape, or hold over 200 000
 * entries
 * @example eigenvalueFigure({ real: tensor([2, 1], [0.5, 1.2]), imaginary: tensor([2, 1], [0, 0]) }).description
 * // "Eigenvalues over trials. 1 eigenvalue over 2 trials. The largest real part is 0.5 at the first trial and 1.2 at
 * the last, above 1 at 1 of 2 trials."
 */
export function eigenvalueFigure(eigenvalues: EigenvaluesShown, options?: PanelOptions): Figure {
  const where = "eigenvalueFigure";
  if (!isRecord(eigenvalues))
    fail(where, {
      expected: "eigenvalues { real, imaginary }",
      got: show(eigenvalues),
      fix: "Pass what weightEigenvalues gave.",
    });
  const { real, imaginary } = eigenvalues as EigenvaluesShown;
  checkTensor(where, "eigenvalues.real", real, 2);
  checkSameShape(where, "eigenvalues.imaginary", imaginary, real.shape, "the real parts");
  checkFinite(where, "eigenvalues.real", real);
  checkFinite(where, "eigenvalues.imaginary", imaginary);
  const { title, ...size } = readOptions(where, options, panelFields),
    [trials, count] = real.shape;
  checkCount(where, "eigenvalues over all trials", trials * count, mostPoints, "Take every n-th trial.");
  const rows = (of: (re: number, im: number) => number) =>
    Array.from({ length: trials }, (_, k) => {
      let most = Number.NaN;
      for (let i = 0; i < count; i++) {
        const value = of(real.data[k * count + i], imaginary.data[k * count + i]);
        if (!(value <= most)) most = value;
      }
      return most;
    });
  const abscissa = rows((re) => re),
    radius = rows((re, im) => Math.sqrt(re * re + im * im)),
    all = Array.from({ length: trials }, (_, k) => k);
  const columns = columnsOf(size.width, 2, 240),
    plot = plotSize(size, columns, 2 / columns, 320, { aside: colorBar }),
    side = Math.min(plot.width, plot.height),
    across = columns === 2 ? 2 * plot.width - side : wholePlot(size.width);
  const against = lineLayer(
    [
      { label: "largest real part", x: all, y: abscissa },
      { label: "largest size", x: all, y: radius },
      { label: "1", x: all, y: all.map(() => 1), dashed: true },
    ],
    [],
    false,
    { xLabel: "trial", yLabel: "eigenvalue", width: size.width },
  );
  const above = abscissa.filter((value) => value > 1).length;
  const named = title || "Eigenvalues over trials";
  const description = [
    `${named}.`,
    `${count} eigenvalue${count === 1 ? "" : "s"} over ${trials} trials.`,
    `The largest real part is ${inWords(abscissa[0])} at the first trial and ` +
      `${inWords(abscissa[trials - 1])} at the last, above 1 at ${above} of ${trials} trials.`,
  ].join(" ");
  const views: Part[] = [
    { width: side, height: side, title: panelTitle("complex plane", side), layer: planeLayers(real, imaginary, side) },
    { width: across, height: side, title: panelTitle("over trials", across), ...against },
  ];
  return panelFigure(description, views, {
    title: named,
    width: size.width,
    columns,
    shared: ["color", "strokeDash", "strokeWidth"],
  });
}

function planeLayers({ shape: [trials, count], data: re }: Matrix, { data: im }: Matrix, side: number): Part[] {
  const values: Json[] = Array.from(re, (x, at) => ({
    x: jsonNumber(x),
    y: jsonNumber(im[at]),
    trial: Math.floor(at / count),
  }));
  let reach = 1.1;
  for (let at = 0; at < re.length; at++)
    for (const part of [re[at], im[at]]) if (Number.isFinite(part)) reach = Math.max(reach, 1.05 * Math.abs(part));
  const on = (field: string, name: string): Part => ({
    field,
    type: "quantitative",
    title: name,
    scale: { domain: [-reach, reach], nice: false },
  });
  const x = on("x", "real part"),
    y = on("y", "imaginary part");
  const steps = 96,
    circle: Json[] = Array.from({ length: steps + 1 }, (_, i) => ({ at: i, angle: (2 * i) / steps }));
  return [
    {
      data: { values: circle },
      transform: [
        { calculate: "cos(datum.angle * PI)", as: "x" },
        { calculate: "sin(datum.angle * PI)", as: "y" },
      ],
      mark: { type: "line", color: gray, strokeWidth: 1 },
      encoding: { x, y, order: { field: "at", type: "quantitative" } },
    },
    { data: { values: [{ x: 1 }] }, mark: { type: "rule", color: gray, strokeDash: [2, 2] }, encoding: { x } },
    {
      data: { values },
      mark: { type: "point", size: trials > 1 ? 14 : 30, opacity: 1, strokeWidth: 0 },
      encoding: {
        x,
        y,
        fill: {
          field: "trial",
          type: "quantitative",
          title: "trial",
          scale: { scheme: shades, domain: [0, Math.max(1, trials - 1)], nice: false },
          legend: { ...barOf(side), tickMinStep: 1 },
        },
      },
    },
  ];
}
