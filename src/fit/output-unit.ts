import { activationOf, type Activation } from "../kernels";
import type { DecoderFreedom, Readout } from "../parts";
import type { EntryLoss } from "../losses";
import { zeros, type Matrix, type Tensor3, type Vector } from "../tensor";
import type { Spread } from "./spread";

/** The map from outputs of unit size to the unit of the loss or the activity: `y = scale s + offset`. */
export interface OutputUnit {
  readonly scale: number;
  /** of each neuron */
  readonly offset: Float64Array;
}

/** Outputs unchanged: before a head nothing is standardized, since that could not be undone. */
export const plainUnit = (neurons: number): OutputUnit => ({ scale: 1, offset: new Float64Array(neurons) });

/**
 * The unit for neurons that are read by a matrix: their means, and one standard deviation pooled over neurons, so that
 * learning rates have no unit and errors keep their proportion.
 */
export const pooledUnit = ({ means, deviation }: Spread): OutputUnit => ({ scale: deviation || 1, offset: means });

/** tanh is nearly linear where it stays below this. */
const nearlyLinear = 0.3;

/**
 * The unit for neurons that are rates. With gain and bias fixed, one gain: for tanh it is 1, unless the activity is so
 * small that tanh is nearly linear; for the others it is the root mean square. Otherwise a scale and offsets that bring
 * the activity into the activation's range: from its means, or from its lowest values where rates have a lower bound.
 */
export function rateUnit(
  activity: Tensor3,
  train: Tensor3,
  phi: Activation,
  { gain, bias }: DecoderFreedom,
  { means, largest, rootMeanSquare }: Spread,
): OutputUnit {
  const neurons = means.length,
    offset = new Float64Array(neurons),
    [least, most] = activationOf(phi).range,
    bounded = Number.isFinite(most - least);
  if (largest === 0) return { scale: 1, offset };
  if (gain === "fixed" && bias === "fixed")
    return { scale: phi === "tanh" ? Math.min(1, largest / nearlyLinear) : rootMeanSquare, offset };
  if (bias === "learned") offset.set(bounded || !Number.isFinite(least) ? means : lowest(activity, train));
  const size = rootMeanSquareFrom(activity, train, offset, largest);
  return { scale: (bounded ? 3 * size : size) || 1, offset };
}

/** Of each neuron, over its training entries. */
function lowest({ data, shape: [, , neurons] }: Tensor3, train: Tensor3): Float64Array {
  const out = new Float64Array(neurons).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < data.length; i++) if (train.data[i] !== 0) out[i % neurons] = Math.min(out[i % neurons], data[i]);
  return out;
}

function rootMeanSquareFrom({ data }: Tensor3, train: Tensor3, offset: Float64Array, largest: number): number {
  let squares = 0,
    count = 0;
  for (let i = 0; i < data.length; i++) {
    if (train.data[i] === 0) continue;
    const x = (data[i] - offset[i % offset.length]) / largest; // whose square is a number
    squares += x * x;
    count++;
  }
  return largest * Math.sqrt(squares / count);
}

/**
 * The unit of outputs that a loss converts to expected targets, such as counts: outputs of 0 give each neuron its mean,
 * and one unit more doubles the mean over neurons. A neuron without a count is treated as having half a count.
 */
export function linkedUnit(outputAt: NonNullable<EntryLoss["outputAt"]>, { means, counts }: Spread): OutputUnit {
  const floored = means.map((mean, i) => Math.max(mean, 0.5 / counts[i])),
    mean = floored.reduce((sum, x) => sum + x, 0) / floored.length;
  return { scale: outputAt(2 * mean) - outputAt(mean), offset: floored.map(outputAt) };
}

/** Outputs of unit size, in the unit. */
export const outputsInUnit = (outputs: Tensor3, { scale, offset }: OutputUnit): Tensor3 => ({
  shape: outputs.shape,
  data: outputs.data.map((s, index) => scale * s + offset[index % offset.length]),
});

/** What is in the unit, in unit size: the inverse of {@link outputsInUnit}. */
export const inStandardUnit = (x: Tensor3, { scale, offset }: OutputUnit): Tensor3 => ({
  shape: x.shape,
  data: x.data.map((y, index) => (y - offset[index % offset.length]) / scale),
});

/** A readout whose outputs are in the unit, beside the adjoint. */
export function readoutInUnit(
  { readout, readoutGain, readoutBias }: Readout,
  { scale, offset }: OutputUnit,
): readonly [value: Readout, adjoint: (d: Readout) => Readout] {
  const neurons = offset.length;
  const times = <T extends Matrix | Vector>({ shape, data }: T) => ({ shape, data: data.map((x) => scale * x) }) as T;
  const gain: Vector | undefined =
    readout || readoutGain || scale === 1 ? readoutGain : { shape: [neurons], data: new Float64Array(neurons).fill(1) };
  const biased = readoutBias ?? (offset.some((x) => x !== 0) ? zeros([neurons]) : undefined);
  const value: Readout = {
    ...(readout ? { readout: times(readout) } : {}),
    ...(gain ? { readoutGain: readout ? gain : times(gain) } : {}),
    ...(biased ? { readoutBias: { shape: [neurons], data: biased.data.map((d, i) => scale * d + offset[i]) } } : {}),
  };
  const adjoint = (d: Readout): Readout => ({
    ...(d.readout ? { readout: times(d.readout) } : {}),
    ...(d.readoutGain ? { readoutGain: readout ? d.readoutGain : times(d.readoutGain) } : {}),
    ...(d.readoutBias ? { readoutBias: times(d.readoutBias) } : {}),
  });
  return [value, adjoint];
}
