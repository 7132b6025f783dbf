import {
  checkWhole,
  fail,
  provenance,
  readOptions,
  show,
  square,
  type FieldsOf,
  type Provenance,
  type Status,
} from "../base";
import { expanded, inUnit, rescaled, timesPowerOfTwo, type Tucker } from "../factored";
import { firstColumns, svd, symmetricEigen } from "../linalg";
import { checkTensor, norm, subtract, unfold, type Matrix, type Tensor } from "../tensor";
import { thresholdOf } from "./threshold";
import { contractMode, gramOf } from "./mode-kernels";

/** A Tucker decomposition: `x ≈ core ×_0 U_0 ×_1 U_1 ...`, with orthonormal factors. Plain data. */
export interface TuckerResult extends Tucker {
  /** `‖x - x̂‖ / ‖x‖` */
  readonly relativeError: number;
  /** after the start and after each sweep */
  readonly trace: readonly number[];
  readonly sweeps: number;
  readonly status: Extract<Status, "converged" | "exhausted">;
  /**
   * of each unfolding of x, largest first; those below 1e-7 of the largest are rounding: see multilinearRank for ranks
   */
  readonly singularValues: readonly (readonly number[])[];
  readonly provenance: Provenance;
}

export interface TuckerOptions {
  /** of HOOI at most, after the truncated HOSVD; 0 gives that alone. Default 50 */
  readonly sweeps?: number;
  /**
   * converged when a sweep changes the norm of the residual by no more than this times the norm of what varies in x, as
   * in cpAls; default 1e-10
   */
  readonly tolerance?: number;
}

const tuckerFields = {
  sweeps: { is: "whole number", least: 0, fallback: 50 },
  tolerance: { is: "number", least: 0, fallback: 1e-10 },
} as const satisfies FieldsOf<TuckerOptions>;

/**
 * Tucker decomposition: the truncated higher-order SVD, refined by higher-order orthogonal iteration. No start is
 * drawn, so nothing is random.
 *
 * @param ranks - one per mode, at most the size of the mode
 * @throws {@link LtrnnError} when x is not finite or ranks do not fit
 * @remarks O(modes · entries · largest size) for the start, O(modes · entries · largest rank) for a sweep. The start
 * takes eigenvectors of small Gram matrices: a direction that squaring could lose holds less than 1e-15 of the
 * variance, and no rank is decided by it.
 * @see De Lathauwer, De Moor & Vandewalle (2000), SIAM J. Matrix Anal. Appl. 21, 1253 (HOSVD) and 1324 (HOOI)
 * @example tucker(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1]), [2, 2, 2]).core.shape // [2, 2, 2]
 */
export function tucker(x: Tensor, ranks: readonly number[], options: TuckerOptions = {}): TuckerResult {
  const { sweeps, tolerance } = readOptions("tucker", options, tuckerFields);
  checkTensor("tucker", "x", x);
  checkRanks(x, ranks);
  const { x: inside, unit, level } = inUnit("tucker", x),
    size = level.size;
  const modes = inside.shape.map((_, mode) => symmetricEigen(gramOf(inside, mode)));
  const factors = modes.map(({ vectors }, mode) => firstColumns(vectors, ranks[mode]));
  let core = projected(inside, factors);
  const trace = [errorOf(inside, size, core, factors)];
  let sweep = 0,
    settled = sweeps === 0;
  while (sweep < sweeps && !settled) {
    for (let mode = 0; mode < factors.length; mode++)
      factors[mode] = leftVectors(unfold(projected(inside, factors, mode), mode), ranks[mode], factors[mode]);
    core = projected(inside, factors);
    trace.push(errorOf(inside, size, core, factors));
    sweep++;
    settled = Math.abs(trace[sweep - 1] - trace[sweep]) <= thresholdOf(tolerance, level);
  }
  return {
    core: rescaled(core, unit),
    factors,
    relativeError: trace[sweep],
    trace,
    sweeps: sweep,
    status: settled ? "converged" : "exhausted",
    singularValues: modes.map(({ values }) =>
      values.map((value) => timesPowerOfTwo(Math.sqrt(Math.max(0, value)), unit)),
    ),
    provenance: provenance("tucker", null, { ranks: [...ranks], sweeps, tolerance }),
  };
}

function checkRanks(x: Tensor, ranks: readonly number[]): void {
  if (x.data.length === 0 || x.shape.length === 0)
    fail("tucker", {
      expected: "a tensor of one mode or more, none of them empty",
      got: `shape (${x.shape.join(" × ")})`,
      fix: "Leave empty modes out.",
    });
  if (!Array.isArray(ranks) || ranks.length !== x.shape.length)
    fail("tucker", {
      expected: `${x.shape.length} ranks, one per mode`,
      got: Array.isArray(ranks) ? String(ranks.length) : show(ranks),
      fix: "Give each mode its rank; its size keeps it whole.",
    });
  for (const [mode, rank] of ranks.entries()) checkWhole("tucker", `the rank of mode ${mode}`, rank, 1, x.shape[mode]);
}

/** x multiplied by U' in every mode, but for `skip`. */
function projected(x: Tensor, factors: readonly Matrix[], skip = -1): Tensor {
  return factors.reduce((y, u, mode) => (mode === skip ? y : contractMode(y, u, mode)), x);
}

/** Leading left singular vectors; where other modes leave fewer directions than the rank, the old factor fills up. */
function leftVectors(m: Matrix, rank: number, old: Matrix): Matrix {
  if (m.shape[1] >= rank) return firstColumns(svd(m).u, rank);
  const [rows, have] = m.shape,
    beside = { shape: [rows, have + rank] as const, data: new Float64Array(rows * (have + rank)) };
  const small = 1e-6 * (norm(m) || 1);
  for (let i = 0; i < rows; i++) {
    beside.data.set(m.data.subarray(i * have, (i + 1) * have), i * (have + rank));
    for (let r = 0; r < rank; r++) beside.data[i * (have + rank) + have + r] = small * old.data[i * rank + r];
  }
  return firstColumns(svd(beside).u, rank);
}

/** From `‖x‖² - ‖core‖²`, or from the difference itself where that cancels. */
function errorOf(x: Tensor, size: number, core: Tensor, factors: readonly Matrix[]): number {
  if (size === 0) return 0;
  const squared = 1 - square(norm(core) / size);
  if (squared > 1e-6) return Math.sqrt(squared);
  return norm(subtract(x, expanded(core, factors))) / size;
}
