import { activationCurve } from "../kernels";
import type { LowTensorRankRNN } from "../models";
import { zeros, type Matrix } from "../tensor";
import type { NetworkSpan } from "./network-span";

/** The maps of one trial's states, linear about where they are, in the coordinates of the network's span. */
export interface SpanSteps {
  /** takes a state: its rates, and what follows from them */
  at(state: Float64Array): void;
  /** what rates are along the rows: kappa = B' h first (rank and more) */
  readonly latent: Float64Array;
  /** B' diag(phi') F (rank × coordinates), before the trial factors */
  readonly recurrent: Matrix;
  /** Q' W_0 diag(phi') F (columns of Q × coordinates) */
  readonly fixed: Matrix;
  /** what outputs make of coordinates, (outputs × coordinates) */
  readout(): Float64Array;
}

export function spanSteps(model: LowTensorRankRNN, { columns, rows, fixed }: NetworkSpan): SpanSteps {
  const { units, rank, params, setting } = model,
    { readout, readoutGain } = params,
    directions = rows.shape[1],
    { value, derivative } = activationCurve(setting.phi),
    count = columns.shape[1],
    outputs = readout?.shape[0] ?? units;
  const rates = new Float64Array(units),
    pulled = new Float64Array(units * count), // diag(phi') F
    latent = new Float64Array(directions),
    recurrent = zeros([rank, count]),
    ofFixed = zeros([fixed?.shape[0] ?? 0, count]),
    read = new Float64Array(outputs * count);
  const at = (state: Float64Array): void => {
    latent.fill(0);
    recurrent.data.fill(0);
    ofFixed.data.fill(0);
    for (let i = 0; i < units; i++) {
      rates[i] = value(state[i]);
      const slope = derivative(state[i]);
      for (let d = 0; d < count; d++) pulled[i * count + d] = slope * columns.data[i * count + d];
      for (let q = 0; q < directions; q++) latent[q] += rows.data[i * directions + q] * rates[i];
    }
    addProduct(recurrent.data, (r, i) => rows.data[i * directions + r], pulled, rank, units, count);
    if (fixed) addProduct(ofFixed.data, (q, i) => fixed.data[q * units + i], pulled, fixed.shape[0], units, count);
  };
  return {
    at,
    latent,
    recurrent,
    fixed: ofFixed,
    readout() {
      const seen = setting.reads === "rates" ? pulled : columns.data;
      if (readout) {
        read.fill(0);
        addProduct(read, (n, i) => readout.data[n * units + i], seen, outputs, units, count);
      } else read.set(seen);
      if (readoutGain)
        for (let index = 0; index < read.length; index++) read[index] *= readoutGain.data[Math.floor(index / count)];
      return read;
    },
  };
}

/** `out += m x`, m (rows × inner) given by its entries. */
function addProduct(
  out: Float64Array,
  entry: (row: number, column: number) => number,
  x: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < inner; i++) {
      const weight = entry(row, i);
      for (let d = 0; d < columns; d++) out[row * columns + d] += weight * x[i * columns + d];
    }
}
