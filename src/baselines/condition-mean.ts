import { provenance, readOptions } from "../base";
import { checkTensor, type Tensor3 } from "../tensor";
import { baselineFields, checkBaseline, type Baseline, type BaselineOptions } from "./baseline";
import { kernelMean } from "./kernel-mean";

/**
 * The mean over training trials of each condition, in each time bin; where a condition has no training entry in a bin,
 * the mean of the neuron.
 *
 * @param activity - (trials × time × neurons); read where `train` or `validation` is 1 only
 * @throws {@link LtrnnError} when shapes or labels disagree, masks overlap, an entry that is read is not finite, or a
 * neuron has no training entry
 * @example conditionMean(zeros([4, 3, 2]), { train: observedMask(zeros([4, 3, 2])) }).prediction.shape // [4, 3, 2]
 */
export function conditionMean(activity: Tensor3, options: BaselineOptions): Baseline {
  const where = "conditionMean";
  checkTensor(where, "activity", activity, 3);
  const { train, validation, conditions } = readOptions(where, options, baselineFields);
  checkBaseline(where, activity, { train, validation });
  return {
    prediction: kernelMean(where, activity, train, conditions, Infinity),
    chosen: null,
    status: "converged",
    provenance: provenance(where, null, {}, { conditions: conditions !== undefined }),
  };
}
