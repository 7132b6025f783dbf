import { fail } from "../base";
import type { LowTensorRankFit } from "../fit";
import type { LowTensorRankRNN } from "../models";
import { checkSameShape, type Matrix, type Tensor3 } from "../tensor";

/** A fitted network with columns of a and b of unit length, so that trial factors have their scale. */
export interface GaugedModel {
  readonly model: LowTensorRankRNN;
  /** what the fit's trial factors are multiplied by */
  readonly scales: readonly number[];
}

export function gaugedModel({ model }: LowTensorRankFit): GaugedModel {
  const { a, b, c } = model.params,
    lengths = (m: Matrix) => {
      const squares = new Float64Array(m.shape[1]);
      for (let index = 0; index < m.data.length; index++) squares[index % m.shape[1]] += m.data[index] * m.data[index];
      return Array.from(squares, (sum) => Math.sqrt(sum) || 1); // a column of zeros stays so
    };
  const [ofA, ofB] = [lengths(a), lengths(b)],
    scales = ofA.map((length, r) => length * ofB[r]);
  return {
    model: model.with({
      params: {
        a: scaledColumns(a, (r) => 1 / ofA[r]),
        b: scaledColumns(b, (r) => 1 / ofB[r]),
        c: scaledColumns(c, (r) => scales[r]),
      },
    }),
    scales,
  };
}

export const scaledColumns = ({ shape, data }: Matrix, scaleOf: (column: number) => number): Matrix => ({
  shape,
  data: data.map((x, index) => x * scaleOf(index % shape[1])),
});

/** Refuse a fit whose prediction is more than what its network makes: by a head, or from a trial's own past. */
export function checkPrediction(where: string, fit: LowTensorRankFit, activity: Tensor3, outputs: Tensor3): void {
  const { prediction } = fit;
  checkSameShape(where, "activity", activity, prediction.shape, "the fit's prediction");
  let scale = 0,
    largest = outputs.data.length === prediction.data.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < prediction.data.length; index++) {
    scale = Math.max(scale, Math.abs(prediction.data[index]));
    largest = Math.max(largest, Math.abs(prediction.data[index] - outputs.data[index]));
  }
  if (!(largest <= 1e-3 * scale))
    // single precision is off by less
    fail(where, {
      expected: "a fit whose prediction is the outputs of its network",
      got: `one that differs from them by ${largest}, of ${scale}`,
      fix: "Ask for a bootstrap of the fit, which takes any decoder.",
    });
}
