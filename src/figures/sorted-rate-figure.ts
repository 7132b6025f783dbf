import { fail, readOptions, type FieldsOf } from "../base";
import { checkTensor, type Matrix, type Tensor3 } from "../tensor";
import { figureOf } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import { cells, checkCells } from "./heat-map-figure";
import type { Figure } from "./specification";
import { timeFields, timeTitle, type TimeOptions } from "./time";

export interface SortedRateOptions extends FigureOptions, TimeOptions {
  /** every neuron from its least to its largest mean, as 0 to 1; default true */
  readonly scaled?: boolean;
}

const fields = () =>
  ({
    ...figureFields,
    ...timeFields,
    scaled: { is: "boolean", fallback: true },
  }) as const satisfies FieldsOf<SortedRateOptions>;

/**
 * Rates as a heat map: the mean over trials of every neuron, neurons in the order of their peaks. White where nothing
 * was observed.
 *
 * @param rates - (trials × time × neurons), NaN where nothing was observed
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when there are no entries, or means have more than 250 000
 * @example sortedRateFigure(tensor([1, 2, 2], [0, 2, 1, 1])).description
 * // "Mean rates, sorted by peak. 2 neurons over 2 time bins; peaks from bin 1 to bin 2."
 */
export function sortedRateFigure(rates: Tensor3, options?: SortedRateOptions): Figure {
  const where = "sortedRateFigure";
  checkTensor(where, "rates", rates, 3);
  const { scaled, dt, timeUnit, ...given } = readOptions(where, options, fields()),
    [trials, time, neurons] = rates.shape;
  if (trials === 0)
    fail(where, { expected: "at least one trial", got: "none", fix: "Pass activity (trials × time × neurons)." });
  checkCells(where, "means of the rates", {
    shape: [neurons, time],
    data: new Float64Array(Math.min(neurons * time, 1e7)),
  });
  const means = Array.from({ length: neurons }, (_, n) => meanOf(rates, n)),
    peaks = means.map(peakOf);
  const order = means.map((_, n) => n).sort((a, b) => peaks[a] - peaks[b] || a - b);
  const data = Float64Array.from(order.flatMap((n) => (scaled ? inUnits(means[n]) : Array.from(means[n])))),
    m: Matrix = { shape: [neurons, time], data };
  const title = given.title || "Mean rates, sorted by peak",
    at = (n: number) => peaks[n] + 1;
  const description =
    `${title}. ${neurons} neurons over ${time} time bins; peaks from bin ` +
    `${at(order[0])} to bin ${at(order[neurons - 1])}.`;
  return figureOf(
    { ...given, title },
    description,
    cells(m, {
      xLabel: given.xLabel || timeTitle({ dt, timeUnit }),
      yLabel: given.yLabel || "neuron, by peak",
      signed: false,
      height: given.height - 90,
      valueLabel: scaled ? "share of range" : "mean",
      fromX: dt / 2,
      step: dt,
    }),
  );
}

function meanOf({ shape: [trials, time, neurons], data }: Tensor3, n: number): Float64Array {
  return Float64Array.from({ length: time }, (_, t) => {
    let sum = 0,
      seen = 0;
    for (let k = 0; k < trials; k++) {
      const value = data[(k * time + t) * neurons + n];
      if (!Number.isFinite(value)) continue;
      sum += value / trials;
      seen++;
    }
    return seen === 0 ? Number.NaN : sum * (trials / seen);
  });
}

function peakOf(mean: Float64Array): number {
  let peak = 0;
  for (let t = 0; t < mean.length; t++) if (mean[t] > mean[peak] || Number.isNaN(mean[peak])) peak = t;
  return peak;
}

/** From its least to its largest value as 0 to 1; a constant as 0. */
function inUnits(mean: Float64Array): number[] {
  const finite = mean.filter(Number.isFinite),
    low = finite.reduce((least, value) => Math.min(least, value), Infinity),
    high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const span = high / 2 - low / 2;
  return Array.from(mean, (value) => (span > 0 ? (value / 2 - low / 2) / span : value - value));
}
