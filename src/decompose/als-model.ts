import type { Matrix } from "../tensor";

/** A CP model between sweeps. */
export interface AlsModel {
  readonly factors: readonly Matrix[];
  /** of the components: 1, except where no factor can carry their scale */
  readonly weights: Float64Array;
}

/** A model after a sweep. */
export interface Swept extends AlsModel {
  /** `‖x - x̂‖ / ‖x‖` over the observed entries */
  readonly relativeError: number;
  /** whether normal equations were singular to rounding */
  readonly singular: boolean;
}

/** The least squares problem of one tensor, solved mode by mode. */
export interface LeastSquares<M extends AlsModel = AlsModel> {
  /** the norm of the observed entries */
  readonly norm: number;
  /** whether missing entries are filled in from the model */
  readonly imputes: boolean;
  /**
   * One update of every mode. The given model is not changed.
   *
   * @param odd - which of two orders of a dimension tree to take: they differ in rounding only; default false
   */
  sweep(model: M, odd?: boolean): M & Swept;
}
