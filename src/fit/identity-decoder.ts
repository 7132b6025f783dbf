import { activationOf, type Activation } from "../kernels";
import type { LowTensorRankParams, LowTensorRankRNN } from "../models";
import { zeros, type Tensor, type Tensor3 } from "../tensor";
import { plainDecoder, type Decoder } from "./decoder";
import type { Spread } from "./spread";

/**
 * Neurons are the units' rates times one gain, which is fixed by the activity, so that a fit does not depend on its
 * unit. The identity and relu let the gain through, so it goes into input weights, initial states and bias; for the
 * others the network gets a readout of gain times the identity.
 */
export function identityDecoder(activity: Tensor3, phi: Activation, spread: Spread): Decoder {
  const gain = gainFor(phi, spread),
    description = { kind: "identity", gain },
    { homogeneous } = activationOf(phi);
  if (gain === 1) return plainDecoder(description, activity);
  return {
    ...plainDecoder(description, activity),
    scale: gain,
    activity: { shape: activity.shape, data: activity.data.map((x) => x / gain) },
    inUnits: (outputs) => times(outputs, gain),
    modelInUnits: (model) =>
      model.with({ params: homogeneous ? scaledStates(model.params, gain) : gainReadout(model, gain) }),
  };
}

/** tanh is nearly linear where it stays below this. */
const nearlyLinear = 0.3;

/**
 * The activity's unit per unit of a rate. tanh has a unit of its own, 1, which counts unless the activity is so small
 * that tanh is a line anyway; the others take the root mean square.
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

function gainReadout({ units }: LowTensorRankRNN, gain: number): Partial<LowTensorRankParams> {
  const readout = zeros([units, units]);
  for (let i = 0; i < units; i++) readout.data[i * (units + 1)] = gain;
  return { readout };
}

const times = <T extends Tensor>(x: T, factor: number): T => ({ ...x, data: x.data.map((value) => factor * value) });
