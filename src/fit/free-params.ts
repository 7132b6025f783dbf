import { LowTensorRankRNN, type LowTensorRankParams, type Setting } from "../rnn";
import type { Matrix, Params, Tensor3, Vector } from "../tensor";
import type { TrialFactors } from "./trial-factors";
import { unitColumns } from "./unit-columns";

/** What a fit moves: any numbers are allowed here, and {@link smoothModel} makes a network of them. */
export type FreeParams = {
  /** column factors before they are scaled to unit length (units × rank) */
  readonly a: Matrix;
  /** row factors before they are scaled to unit length (units × rank) */
  readonly b: Matrix;
  /** whitened trial factors (trials × rank) */
  readonly z: Matrix;
  /** constant of each trial factor (rank) */
  readonly m: Vector;
  /** inputs to be learned (conditions × time × inputs); absent: they are known */
  readonly u?: Tensor3;
} & Omit<LowTensorRankParams, "a" | "b" | "c">;

/**
 * The network of free parameters, `W^(k) = sum_r (m_r + (L z_r)_k) a_r/|a_r| b_r'/|b_r|`, beside the adjoint that takes gradients in the network's parameters
 * back to the free ones.
 *
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the model of their code, whose weights are the transpose of ours
 */
export function smoothModel(
  free: FreeParams,
  trialFactors: TrialFactors,
  setting: Partial<Setting>,
): { readonly model: LowTensorRankRNN; adjoint(gradients: LowTensorRankParams): Params } {
  const { a, b, z, m, u: _, ...shared } = free;
  const columns = unitColumns(a),
    rows = unitColumns(b);
  return {
    model: new LowTensorRankRNN({ ...shared, a: columns.q, b: rows.q, c: trialFactors.factors(z, m) }, setting),
    adjoint({ a: da, b: db, c: dc, ...others }) {
      return { ...others, a: columns.adjoint(da), b: rows.adjoint(db), ...trialFactors.adjoint(dc) };
    },
  };
}
