/** masks: which entries are observed, trained on and held out; labels of trials. */
export { blockMask, type BlockMask, type BlockMaskOptions } from "./block-mask";
export { checkDisjoint } from "./check-disjoint";
export { splitBoxes, type Boxes, type BoxSplit } from "./split-boxes";
export { holdOut, type HoldOut, type HoldOutOptions } from "./hold-out";
export { checkLabel, checkLabels, labelRows, type Label, type LabelRows, type Labels } from "./labels";
export { checkTrials } from "./check-trials";
export { padTrials, type PaddedTrials } from "./pad-trials";
export { observedMask } from "./observed-mask";
