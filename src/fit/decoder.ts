import type { LowTensorRankRNN } from "../models";
import type { Params, Tensor3 } from "../tensor";
import type { PartDescription } from "../parts";

/**
 * What reads neurons from a network: the unit that the network is fitted in, and the way back to that of the activity.
 */
export interface Decoder {
  readonly description: PartDescription;
  /** the activity as the network is to make it */
  readonly activity: Tensor3;
  /** the activity's unit per unit of the network's outputs */
  readonly scale: number;
  /** the readout that trains, where it starts; empty where outputs are rates */
  start(seed: number): Params;
  /** outputs of the fitted network in the activity's unit */
  inUnits(outputs: Tensor3): Tensor3;
  /** the same network with outputs in the activity's unit */
  modelInUnits(model: LowTensorRankRNN): LowTensorRankRNN;
}

/** Outputs as they are: before a head nothing is standardized, since nothing could undo it. */
export const plainDecoder = (description: PartDescription, activity: Tensor3): Decoder => ({
  description,
  activity,
  scale: 1,
  start: () => ({}),
  inUnits: (outputs) => outputs,
  modelInUnits: (model) => model,
});
