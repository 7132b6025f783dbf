/** preprocess: spike times into counts, ragged trials, smoothing and scaling that can be undone. */
export type { Preprocessed, PreprocessingStep } from "./preprocessed";
export { zScore } from "./z-score";
export { softNormalize, type SoftNormalizeOptions } from "./soft-normalize";
export { smooth, type SmoothOptions } from "./smooth";
export { undoPreprocessing } from "./undo-preprocessing";
export { spikesToTensor, type BinnedSpikes, type SpikesToTensorOptions } from "./spikes-to-tensor";
export { raggedTrials } from "./ragged-trials";
