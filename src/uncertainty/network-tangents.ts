import type { LowTensorRankRNN } from "../models";
import type { Tensor3 } from "../tensor";
import type { NetworkSpan } from "./network-span";
import type { Tangent } from "./tangent";

// What trials share of a network, as tangents within its span, each scaled to about the size of what it changes.

/** Columns of the span of unit length: which of its coordinates, by which factor. */
export interface UnitColumns {
  readonly coordinates: readonly number[];
  readonly lengths: readonly number[];
}

export function unitColumnsOf({ columns: { shape, data } }: NetworkSpan): UnitColumns {
  const squares = new Float64Array(shape[1]);
  for (let index = 0; index < data.length; index++) squares[index % shape[1]] += data[index] * data[index];
  const lengths = Array.from(squares, Math.sqrt);
  return { lengths, coordinates: [...lengths.keys()].filter((d) => lengths[d] > 0) };
}

/** `a_r <- a_r + e (f - (f' a_r) a_r)`, f a unit column of the span: the length stays. */
export function columnChanges(
  { rank, params: { a } }: LowTensorRankRNN,
  { columns }: NetworkSpan,
  { lengths, coordinates }: UnitColumns,
): Tangent[] {
  const width = columns.shape[1];
  const change = (r: number, d: number): Tangent => {
    let overlap = 0;
    for (let i = 0; i < a.shape[0]; i++) overlap += columns.data[i * width + d] * a.data[i * rank + r];
    return {
      drive({ factors, latent }, add) {
        const amount = (factors[r] * latent[r]) / lengths[d];
        add(d, amount);
        add(r, -amount * overlap);
      },
    };
  };
  return Array.from({ length: rank }, (_, r) => coordinates.filter((d) => d !== r).map((d) => change(r, d))).flat();
}

/**
 * `b_r <- b_r + e (v - (v' M b_r) / (b_r' M b_r) b_r)`, v a principal direction of the rates and M their second moment:
 * the length of b_r as the rates see it stays, so that trial factors keep their scale.
 */
export function rowChanges({ rank, params: { b } }: LowTensorRankRNN, { rows, variances }: NetworkSpan): Tangent[] {
  const directions = rows.shape[1];
  return Array.from({ length: rank }, (_, r) => r).flatMap((r) => {
    const along = variances.map((_, p) => {
      let sum = 0;
      for (let i = 0; i < b.shape[0]; i++) sum += rows.data[i * directions + rank + p] * b.data[i * rank + r];
      return sum;
    });
    const square = along.reduce((sum, x, p) => sum + variances[p] * x * x, 0); // b_r' M b_r
    if (square === 0) return [];
    return variances.map((variance, p): Tangent => {
      const size = Math.sqrt(square / variance),
        overlap = (variance * along[p]) / square;
      return {
        drive({ factors, latent }, add) {
          add(r, factors[r] * size * (latent[rank + p] - overlap * latent[r]));
        },
      };
    });
  });
}

/** `w_m <- w_m + e |w_m| f`. */
export function inputWeightChanges({ rank, inputs }: NetworkSpan, { lengths, coordinates }: UnitColumns): Tangent[] {
  const change = (m: number, d: number): Tangent => ({
    drive: ({ inputs: u }, add) => add(d, (u[m] * lengths[rank + m]) / lengths[d]),
  });
  return Array.from({ length: inputs }, (_, m) => m)
    .filter((m) => lengths[rank + m] > 0)
    .flatMap((m) => coordinates.map((d) => change(m, d)));
}

/** `bias <- bias + e size f`. */
export const biasChanges = ({ lengths, coordinates }: UnitColumns, size: number): Tangent[] =>
  coordinates.map((d): Tangent => ({ drive: (_, add) => add(d, size / lengths[d]) }));

/** `x_0 <- x_0 + e size f`. */
export const startChanges = ({ lengths, coordinates }: UnitColumns, size: number): Tangent[] =>
  coordinates.map((d): Tangent => ({ start: [d, size / lengths[d]] }));

/** Every input in every bin, by its root mean square. */
export function inputChanges({ rank, inputs }: NetworkSpan, { shape: [trials, time], data }: Tensor3): Tangent[] {
  const squares = new Float64Array(inputs);
  for (let index = 0; index < data.length; index++) squares[index % inputs] += data[index] * data[index];
  const sizes = squares.map((sum) => Math.sqrt(sum / (trials * time)));
  const change = (step: number, m: number): Tangent => ({
    drive(at, add) {
      if (at.step === step) add(rank + m, sizes[m]);
    },
  });
  return Array.from({ length: time * inputs }, (_, i) => change(Math.floor(i / inputs), i % inputs));
}
