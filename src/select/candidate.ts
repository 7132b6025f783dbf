import type { Status } from "../base";
import type { BoxSplit } from "../masks";
import type { Tensor } from "../tensor";

/** What a grid can vary. Numbers of rank and size are in ascending complexity. */
export const axisNames = ["hypothesis", "rank", "size", "kernel", "decoder", "seed"] as const;
export type AxisName = (typeof axisNames)[number];

/**
 * What may have changed over trials, simplest first: "jump" weights between epochs alone, "shuffled" weights, with the
 * trials in another order, "free" weights without a prior.
 */
export const hypotheses = ["nothing", "inputs", "jump", "weights", "shuffled", "free"] as const;

/** One value of every axis that a grid varies, as plain data. */
export type AxisValues = Readonly<Partial<Record<AxisName, unknown>>>;

/** What is fitted in a cell: the name of a candidate, its place in the grid, and what is the same in all cells. */
export interface Specification {
  readonly model: string;
  readonly axes: AxisValues;
  /** plain data; the candidate checks the names */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The result of a candidate: a prediction to be scored, or only facts. */
export interface CandidateFit {
  /** as the data, for every entry; absent: nothing is scored */
  readonly prediction?: Tensor;
  readonly status: Status;
  /**
   * "variance": about the training mean of each slice of the last mode; "poisson": the same in deviance of counts;
   * "energy": about zero. Default "variance"
   */
  readonly score?: "variance" | "poisson" | "energy";
  /** other facts about it, as plain data */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * Something that can be fitted to data by a specification: a model, a baseline, a rival. A custom one is passed to
 * {@link inProcess}, or exported by a module that the workers load.
 */
export interface Candidate {
  /** the axes that it takes */
  readonly axes: readonly AxisName[];
  /** whether it is fitted once to all observed entries, without folds; default false */
  readonly whole?: boolean;
  /** refuse a specification, in the name of `where`, before anything is run */
  check?(where: string, specification: Specification, data: Tensor): void;
  /**
   * @param data - NaN where nothing was observed
   * @param masks - fit on `train`, stop and choose by `validation`; `test` is for the score only
   */
  fit(
    data: Tensor,
    specification: Specification,
    masks: BoxSplit,
    signal?: AbortSignal,
  ): CandidateFit | Promise<CandidateFit>;
}

export type Candidates = Readonly<Record<string, Candidate>>;
