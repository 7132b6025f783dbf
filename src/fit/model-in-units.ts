import { activationOf } from "../kernels";
import type { LowTensorRankParams, LowTensorRankRNN } from "../models";
import type { Params, Tensor } from "../tensor";
import { compose } from "./compose";
import type { FitProblem } from "./fit-problem";
import { modelForInputs } from "./read-inputs";

/**
 * The fitted network with outputs, and known inputs, in their units. Where neurons are rates and the activation lets a
 * gain through, it goes into input weights, initial states and bias, and the rates themselves are the activity.
 */
export function modelInUnits(problem: FitProblem, params: Params): LowTensorRankRNN {
  const { decoder, inputs, setting, unit } = problem,
    { gain, bias } = decoder.description,
    bare = decoder.description.kind === "identity" && gain === "fixed" && bias === "fixed";
  const rates = bare && unit.offset.every((x) => x === 0) && activationOf(setting.phi).homogeneous,
    { model } = compose(problem, params, !rates);
  return modelForInputs(inputs, rates ? model.with({ params: scaledStates(model.params, unit.scale) }) : model);
}

/** With a positively homogeneous activation, inputs, bias and initial states times g make states and rates times g. */
const scaledStates = ({ wIn, x0, bias }: LowTensorRankParams, gain: number): Partial<LowTensorRankParams> => ({
  wIn: times(wIn, gain),
  x0: times(x0, gain),
  ...(bias ? { bias: times(bias, gain) } : {}),
});

const times = <T extends Tensor>(x: T, factor: number): T => ({ ...x, data: x.data.map((value) => factor * value) });
