import { zeros, type Matrix, type Params, type Vector } from "../tensor";
import type { Part, PartDescription } from "./part";

/** The readout of a network, `y = g * C h + d`, as far as there is one. */
export type Readout = {
  /** C (neurons × units); absent: the rates themselves */
  readonly readout?: Matrix;
  /** g (neurons); absent: 1 */
  readonly readoutGain?: Vector;
  /** d (neurons); absent: 0 */
  readonly readoutBias?: Vector;
};

/** The map from rates to neurons, in standard units: from its parameters to a readout. */
export interface Decoder<P extends Params = Params> extends Part<P, Readout> {
  /** of its parameters */
  readonly names: readonly string[];
  /** where its parameters start */
  start(seed: number): P;
}

/** What a decoder can learn in addition to its matrix. */
export interface DecoderFreedom {
  /** "shared": one number for all neurons; "learned": one for each; "fixed": as the activity's size says */
  readonly gain: "fixed" | "shared" | "learned";
  /** "fixed": at the neurons' means; where neurons are rates, and no counts, at 0 */
  readonly bias: "fixed" | "learned";
}

export interface DecoderSizes {
  /** rows that the matrix is made for */
  readonly neurons: number;
  readonly units: number;
}

/** The matrix C of a decoder: from its parameters to (neurons × units). */
export interface DecoderMatrix<P extends Params = Params> extends Part<P, Matrix> {
  start(seed: number): P;
}

/** A decoder of the library: each is one file, and a row in decoders.ts. */
export interface DecoderKind {
  /** what is learned by default */
  readonly freedom: DecoderFreedom;
  /** absent: neurons are the units, one by one */
  readonly matrix?: (sizes: DecoderSizes) => DecoderMatrix;
}

/**
 * A decoder of a kind with its gain and bias. Neurons that are constant are read by their bias alone: their rows of C
 * are 0.
 */
export function decoderOf(
  description: PartDescription & DecoderFreedom,
  { matrix }: DecoderKind,
  { neurons, units }: DecoderSizes,
  constant: readonly number[],
): Decoder {
  const still = new Set(constant),
    varying = Array.from({ length: neurons }, (_, i) => i).filter((i) => !still.has(i)),
    { gain, bias } = description,
    c = matrix?.({ neurons: varying.length, units });
  const part = (params: Params) => {
    const [rows, adjointRows] = c?.(params) ?? [],
      { readoutGain, readoutBias } = params as Pick<Readout, "readoutGain" | "readoutBias">;
    const value: Readout = {
      ...(rows ? { readout: spreadRows(rows, varying, neurons) } : {}),
      ...(readoutGain ? { readoutGain: gain === "shared" ? repeated(readoutGain, neurons) : readoutGain } : {}),
      ...(readoutBias ? { readoutBias } : {}),
    };
    const adjoint = (d: Readout): Params => ({
      ...(adjointRows ? adjointRows(takeRows(d.readout as Matrix, varying)) : {}),
      ...(d.readoutGain && readoutGain
        ? { readoutGain: gain === "shared" ? summed(d.readoutGain) : d.readoutGain }
        : {}),
      ...(d.readoutBias && readoutBias ? { readoutBias: d.readoutBias } : {}),
    });
    return [value, adjoint] as const;
  };
  const start = (seed: number): Params => ({
    ...c?.start(seed),
    ...(gain === "fixed" ? {} : { readoutGain: repeated({ shape: [1], data: Float64Array.of(1) }, sizeOf(gain)) }),
    ...(bias === "fixed" ? {} : { readoutBias: zeros([neurons]) }),
  });
  const sizeOf = (freedom: DecoderFreedom["gain"]) => (freedom === "shared" ? 1 : neurons);
  return Object.assign(part, { description, start, names: Object.keys(start(0)) });
}

const repeated = ({ data: [value] }: Vector, length: number): Vector => ({
  shape: [length],
  data: new Float64Array(length).fill(value),
});

const summed = ({ data }: Vector): Vector => ({
  shape: [1],
  data: Float64Array.of(data.reduce((sum, x) => sum + x, 0)),
});

/** Rows of a matrix in their places among `count`, zeros elsewhere; and back. */
function spreadRows(rows: Matrix, places: readonly number[], count: number): Matrix {
  if (places.length === count) return rows;
  const columns = rows.shape[1],
    out = zeros([count, columns]);
  for (const [i, place] of places.entries())
    out.data.set(rows.data.subarray(i * columns, (i + 1) * columns), place * columns);
  return out;
}

function takeRows(all: Matrix, places: readonly number[]): Matrix {
  if (places.length === all.shape[0]) return all;
  const columns = all.shape[1],
    out = zeros([places.length, columns]);
  for (const [i, place] of places.entries())
    out.data.set(all.data.subarray(place * columns, (place + 1) * columns), i * columns);
  return out;
}
