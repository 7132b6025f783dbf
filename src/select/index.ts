/** select: grids of candidates on held-out boxes, run by executors, kept in journals; the choice among them. */
export type {
  AxisName,
  AxisValues,
  Candidate,
  CandidateFit,
  Candidates,
  Specification,
} from "./candidate";
export type { CpGridOptions } from "./cp-candidate";
export type { SliceTcaGridOptions } from "./slice-tca-candidate";
export type { CpStructure, Evidence } from "./structure-evidence";
export type { GcpGridOptions } from "./gcp-candidate";
export { checkCandidates } from "./candidates";
export type { Grid, GridAxes } from "./grid";
export type { FoldBoxes } from "./fold-boxes";
export { checkJob, type GridJob } from "./grid-job";
export { lostRow, runGridJob, type GridRow, type RunGridJobOptions } from "./run-grid-job";
export { asTheyFinish, type Executor, type ExecutorContext } from "./executor";
export { inProcess, type InProcessOptions } from "./in-process";
export { isRow, memoryJournal, type Journal } from "./journal";
export type { FoldMean, GridPoint } from "./grid-points";
export type { GridEdge } from "./grid-edges";
export { oneStandardError, type GridChoice, type OneStandardErrorOptions } from "./one-standard-error";
export type { CrossValidateOptions } from "./grid-plan";
export { crossValidate, crossValidateSteps, gridJobs, type CrossValidation } from "./cross-validate";
export { collectGrid } from "./collect-grid";
export { chooseRank, chooseRankSteps, type ChooseRankOptions, type RankChoice, type RankEvidence } from "./choose-rank";
