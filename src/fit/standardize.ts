import type { Activation } from "../kernels";
import type { LowTensorRankParams, LowTensorRankRNN } from "../rnn";
import { zeros, type Matrix, type Tensor, type Tensor3, type Vector } from "../tensor";
import type { Spread } from "./spread";

/** Activity in standard units, and the way back. */
export interface Standard {
  readonly activity: Tensor3;
  /** the activity's unit per standard unit */
  readonly scale: number;
  inUnits(outputs: Tensor3): Tensor3;
  /** the same network with outputs in the activity's unit */
  modelInUnits(model: LowTensorRankRNN): LowTensorRankRNN;
}

/** Activity in its own unit: before a head nothing is standardized, since nothing could undo it. */
export const unscaled = (activity: Tensor3): Standard => ({
  activity,
  scale: 1,
  inUnits: (outputs) => outputs,
  modelInUnits: (model) => model,
});

/**
 * For the linear decoder: neurons less their training means, over one standard deviation pooled over neurons, so that learning rates have no unit and errors keep
 * their proportion. The way back is in the decoder: `C -> scale C`, `d -> scale d + means`.
 */
export function standardizeLinear(activity: Tensor3, { means, deviation }: Spread): Standard {
  const scale = deviation || 1,
    neurons = means.length;
  return {
    scale,
    activity: { shape: activity.shape, data: activity.data.map((x, index) => (x - means[index % neurons]) / scale) },
    inUnits: (outputs) => ({
      shape: outputs.shape,
      data: outputs.data.map((y, index) => scale * y + means[index % neurons]),
    }),
    modelInUnits(model) {
      const { readout, readoutBias } = model.params as { readonly readout: Matrix; readonly readoutBias: Vector };
      return model.with({
        params: {
          readout: times(readout, scale),
          readoutBias: { shape: [neurons], data: means.map((mean, i) => scale * readoutBias.data[i] + mean) },
        },
      });
    },
  };
}

/**
 * For the identity decoder: activity over one gain, so that a fit does not depend on the unit. The identity and relu let the gain through, so it goes into input
 * weights, initial states and bias; for the others the network gets a readout of gain times the identity.
 */
export function standardizeIdentity(activity: Tensor3, phi: Activation, spread: Spread): Standard {
  const gain = gainFor(phi, spread);
  if (gain === 1) return unscaled(activity);
  return {
    scale: gain,
    activity: { shape: activity.shape, data: activity.data.map((x) => x / gain) },
    inUnits: (outputs) => times(outputs, gain),
    modelInUnits: (model) =>
      model.with({
        params: phi === "identity" || phi === "relu" ? scaledStates(model.params, gain) : gained(model, gain),
      }),
  };
}

/** tanh is nearly linear where it stays below this. */
const nearlyLinear = 0.3;

/**
 * The activity's unit per unit of a rate. tanh has a unit of its own, 1, which counts unless the activity is so small that tanh is a line anyway; the others take the
 * root mean square.
 */
function gainFor(phi: Activation, { largest, rootMeanSquare }: Spread): number {
  if (largest === 0) return 1;
  return phi === "tanh" ? Math.min(1, largest / nearlyLinear) : rootMeanSquare;
}

/** With a positively homogeneous activation, inputs, bias and initial states times g make states and rates times g. */
const scaledStates = ({ wIn, x0, bias }: LowTensorRankParams, gain: number): Partial<LowTensorRankParams> => ({
  wIn: times(wIn, gain),
  x0: times(x0, gain),
  ...(bias ? { bias: times(bias, gain) } : {}),
});

function gained({ units }: LowTensorRankRNN, gain: number): Partial<LowTensorRankParams> {
  const readout = zeros([units, units]);
  for (let i = 0; i < units; i++) readout.data[i * (units + 1)] = gain;
  return { readout };
}

const times = <T extends Tensor>(x: T, factor: number): T => ({ ...x, data: x.data.map((value) => factor * value) });
