import { fail } from "../base";
import type { LowTensorRankRNN } from "../rnn";
import type { Tensor3 } from "../tensor";
import { unitMeans } from "./hold-out";

/** Activity in standard units, and the way back. */
export interface Standard {
  readonly activity: Tensor3;
  /** the activity's unit per standard unit */
  readonly scale: number;
  inUnits(outputs: Tensor3): Tensor3;
  /** the same network with a decoder in the activity's unit */
  modelInUnits(model: LowTensorRankRNN): LowTensorRankRNN;
}

/**
 * Neurons less their training means, over one standard deviation pooled over neurons, so that rates of learning have no unit and errors keep their proportion.
 * With `decoded` false nothing is changed: there is no decoder that could undo it.
 */
export function standardize(where: string, activity: Tensor3, train: Tensor3, decoded: boolean): Standard {
  const observed = train.data.reduce((count, m) => count + (m === 0 ? 0 : 1), 0);
  if (observed === 0)
    fail(where, {
      expected: "at least one entry to fit",
      got: "a mask of zeros",
      fix: "Set the mask to 1 where activity is to be fitted.",
    });
  if (!decoded) return { activity, scale: 1, inUnits: (outputs) => outputs, modelInUnits: (model) => model };
  const neurons = activity.shape[2],
    means = unitMeans(activity, train);
  const silent = means.findIndex(Number.isNaN);
  if (silent >= 0)
    fail(where, {
      expected: "entries to fit of every neuron",
      got: `none of neuron ${silent}`,
      fix: "Leave that neuron out, or unmask some of it.",
    });
  let squares = 0;
  activity.data.forEach((x, at) => (squares += train.data[at] === 0 ? 0 : (x - means[at % neurons]) ** 2));
  const scale = squares > 0 ? Math.sqrt(squares / observed) : 1;
  return {
    scale,
    activity: { shape: activity.shape, data: activity.data.map((x, at) => (x - means[at % neurons]) / scale) },
    inUnits: (outputs) => ({
      shape: outputs.shape,
      data: outputs.data.map((y, at) => scale * y + means[at % neurons]),
    }),
    modelInUnits(model) {
      const { readout, readoutBias } = model.params;
      return model.with({
        params: {
          readout: { shape: readout!.shape, data: readout!.data.map((c) => scale * c) },
          readoutBias: { shape: [neurons], data: means.map((mean, i) => scale * readoutBias!.data[i] + mean) },
        },
      });
    },
  };
}
