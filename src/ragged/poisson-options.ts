import type { FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import { checkList, checkResult } from "./parafac2-options";
import type { Parafac2PoissonResult } from "./poisson-result";

/** Options of {@link parafac2Poisson}. */
export interface Parafac2PoissonOptions {
  /** of everything that is drawn; default 0 */
  readonly seed?: number;
  /** an earlier result, which is resumed; default: the best of `starts` */
  readonly start?: Parafac2PoissonResult;
  /**
   * number of starts that are compared by successive halving: the first from the leading singular vectors of the units,
   * the others at random; default 4
   */
  readonly starts?: number;
  /** most sweeps of the start that is left; default 500 */
  readonly sweeps?: number;
  /** converged when a sweep lowers the root of the relative deviance by no more than this; default 1e-7 */
  readonly tolerance?: number;
  /** one matrix a trial, (time × units): 1 observed, 0 missing. Missing entries are never read. Default all observed */
  readonly mask?: readonly Matrix[];
  /**
   * in bins: makes evolving factors smooth, as sums of cosines of this period or longer over each trial; default: they
   * are free
   */
  readonly shortestPeriod?: number;
  /**
   * half of this times the square of the modulation of every log rate is added to the loss: with few counts, it keeps
   * rates away from 0; default 0
   */
  readonly ridge?: number;
  /** whether slow sweeps are extrapolated; default true */
  readonly accelerate?: boolean;
}

/** Every option of parafac2Poisson: its values and its default. */
export const poissonTable = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkResult },
  starts: { is: "whole number", least: 1, most: 10_000 },
  sweeps: { is: "whole number", least: 1, fallback: 500 },
  tolerance: { is: "number", least: 0, fallback: 1e-7 },
  mask: { is: "checked", check: checkList },
  shortestPeriod: { is: "number", least: 2 },
  ridge: { is: "number", least: 0, fallback: 0 },
  accelerate: { is: "boolean", fallback: true },
} as const satisfies FieldsOf<Parafac2PoissonOptions>;
