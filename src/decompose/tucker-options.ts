import type { FieldsOf } from "../base";
import type { Tucker } from "../factored";
import { checkTensor, type Matrix, type Tensor } from "../tensor";
import { checkStart } from "./check-start";

export interface TuckerOptions {
  /** of random starts; default 0 */
  readonly seed?: number;
  /**
   * "hosvd" (default), "random", factors to start from, or an earlier result, which is resumed. Factors have
   * orthonormal columns, or are made so
   */
  readonly start?: "hosvd" | "random" | readonly Matrix[] | Tucker;
  /**
   * number of starts compared after three sweeps each: the HOSVD, and random ones; the best continues. Default 1
   */
  readonly starts?: number;
  /** most sweeps of HOOI after the start; 0 gives the start alone. Default 50 */
  readonly sweeps?: number;
  /**
   * converged when a sweep changes the norm of the residual by no more than this times the norm of what varies in x, as
   * in cpAls; default 1e-10
   */
  readonly tolerance?: number;
  /**
   * (as x) 1 observed, 0 missing, nothing else; missing entries are never read, but imputed from the model, and
   * errors are over the observed ones; default all observed
   */
  readonly mask?: Tensor;
  /** modes whose factors stay those of `start`, whose columns must then be orthonormal; default none */
  readonly fixed?: readonly number[];
}

/** Every option of tucker: its values and its default. */
export const tuckerTable = {
  seed: { is: "seed", fallback: 0 },
  start: { is: "checked", check: checkStart },
  starts: { is: "whole number", least: 1, most: 10_000, fallback: 1 },
  sweeps: { is: "whole number", least: 0, fallback: 50 },
  tolerance: { is: "number", least: 0, fallback: 1e-10 },
  mask: { is: "checked", check: (where, name, value) => checkTensor(where, name, value) },
  fixed: { is: "list", of: { is: "whole number", least: 0 }, fallback: [] },
} as const satisfies FieldsOf<TuckerOptions>;
