import { fail, show } from "../base";
import { LowTensorRankRNN, type LowTensorRankParams, type Setting } from "../rnn";
import { checkSameShape, checkTensor, type Matrix, type Params, type Tensor3, type Vector } from "../tensor";
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
 * @throws {@link LtrnnError} when the shapes of factors disagree, with each other or with the trials
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the model of their code, whose weights are the transpose of ours
 */
export function smoothModel(
  free: FreeParams,
  trialFactors: TrialFactors,
  setting: Partial<Setting>,
): { readonly model: LowTensorRankRNN; adjoint(gradients: LowTensorRankParams): Params } {
  checkFree("smoothModel", free, trialFactors);
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

function checkFree(where: string, free: FreeParams, trialFactors: TrialFactors): void {
  const record: unknown = free;
  if (typeof record !== "object" || record === null)
    fail(where, {
      expected: "free to be a record of parameters { a, b, z, m, wIn, x0, … }",
      got: show(record),
      fix: "Pass the free parameters as one record.",
    });
  if (typeof trialFactors?.factors !== "function" || typeof trialFactors.adjoint !== "function")
    fail(where, {
      expected: "trialFactors with factors and adjoint",
      got: show(trialFactors),
      fix: "Build them with gaussianTrialFactors.",
    });
  const { a, b, z, m } = free;
  for (const [name, x] of Object.entries({ a, b, z })) checkTensor(where, name, x, 2);
  checkSameShape(where, "b", b, a.shape);
  const rank = a.shape[1];
  if (z.shape[1] !== rank)
    fail(where, {
      expected: `z (trials × ${rank}), one column per component of a and b`,
      got: `(${z.shape.join(" × ")})`,
      fix: `Pass z with ${rank} columns.`,
    });
  checkSameShape(where, "m", m, [rank]);
  const trials = trialFactors.root?.shape[0];
  if (trials !== undefined && z.shape[0] !== trials)
    fail(where, {
      expected: `z (${trials} × rank), one row per trial of the trial factors`,
      got: `(${z.shape.join(" × ")})`,
      fix: `Pass z with ${trials} rows.`,
    });
}
