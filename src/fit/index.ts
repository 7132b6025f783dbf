/** fit: fits low-tensor-rank RNNs (ltrRNNs) to recordings: a problem composed of parts, its starts and their race. */
export { observedCount, readMasks } from "./read-masks";
export { withoutPreparation } from "./preparation";
export type { DecoderChoice, DecoderOption } from "./decoder-choice";
export type { ControllerOptions, InputsOption, LearnedInputs } from "./inputs-option";
export { matchFits, type ComponentMatch, type FitMatch, type FittedNetwork } from "./match-fits";
export type { Gauge } from "./canonical-gauge";
export type { BestStep, FitCheckpoint, FitRun, FitStart, LowTensorRankFit, Replicability, Trace } from "./fit-result";
export { bestRun } from "./best-run";
export type { NewCondition } from "./new-conditions";
export { predictTrials, type NewTrials, type PredictedTrials } from "./predict-trials";
export { forecast, type Forecast, type ForecastOptions } from "./forecast";
export type { InitialStatesOption, TrialStateOptions } from "./read-initial-states";
export type { FitNetwork } from "./fit-network";
export type { FitDraws, FitPenalties, FitTraining } from "./fit-training";
export { readFitOptions, type FitOptions } from "./fit-options";
export { fitLowTensorRank, fitLowTensorRankSteps } from "./fit-low-tensor-rank";
export type { ForecastLearningOptions } from "./forecast-learning-options";
export {
  forecastLearning,
  type LearningForecast,
  type LearningForecaster,
  type LearningForecastRow,
} from "./forecast-learning";
export { fitAgain, type FitAgain } from "./fit-again";
export {
  chooseTrialKernel,
  chooseTrialKernelSteps,
  type TrialKernelCandidate,
  type TrialKernelChoice,
  type TrialKernelRun,
} from "./choose-trial-kernel";
