import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { activations } from "../kernels";
import { checkShared, type LowTensorRankParams, type Setting } from "../models";
import { checkSameShape, checkTensor, type Matrix, type Params } from "../tensor";
import { conditionStates } from "./initial-states";
import { networkPart, type NetworkPart } from "./network-part";
import { checkPart } from "./part";
import type { TrialFactors } from "./trial-factors";

/** The free parameters of a network: those of trial factors together with those of the other weights. */
export type FreeParams = Params & {
  /** column factors before they are scaled to unit length (units × rank) */
  readonly a: Matrix;
  /** row factors before they are scaled to unit length (units × rank) */
  readonly b: Matrix;
} & Omit<LowTensorRankParams, "a" | "b" | "c">;

const fields = {
  tau: { is: "number", above: 0, fallback: 1 },
  phi: { is: "name", of: activations, fallback: "tanh" },
  reads: { is: "name", of: ["rates", "states"], fallback: "rates" },
} as const satisfies FieldsOf<Partial<Setting>>;

/**
 * The network of free parameters, `W^(k) = sum_r c_r(k) a_r/|a_r| b_r'/|b_r|`, with the trial factors c of a prior,
 * beside the adjoint.
 *
 * @param free - a, b, the parameters of the prior, and the other parameters of a {@link LowTensorRankRNN}
 * @throws {@link LtrnnError} when the shapes of factors disagree, with each other or with the trials
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the model of their code, whose weights are the transpose
 * of ours
 * @example smoothModel({ a: tensor([1, 1], [3]), b: tensor([1, 1], [2]), z: zeros([2, 1]), m: tensor([1], [0.5]),
 * wIn: zeros([1, 0]), x0: zeros([1, 1]) }, gaussianTrialFactors(trialCovariance([0, 1],
 * { length: 1 })))[0].weights(1).data // [0.5]
 */
export function smoothModel(free: FreeParams, trialFactors: TrialFactors, setting: Partial<Setting> = {}): NetworkPart {
  const where = "smoothModel";
  checkFree(where, free, trialFactors);
  const given = readOptions(where, setting, fields, "setting");
  checkShared(where, free.a.shape[0], free);
  const initialStates = conditionStates([], free.x0.shape[0]);
  return networkPart(free, { trialFactors, initialStates, span: "free" }, given);
}

function checkFree(where: string, free: FreeParams, trialFactors: TrialFactors): void {
  if (!isRecord(free))
    fail(where, {
      expected: "free to be a record of parameters { a, b, wIn, x0, … }",
      got: show(free),
      fix: "Pass the free parameters as one record.",
    });
  checkPart(where, "trialFactors", trialFactors, "gaussianTrialFactors");
  const { a, b } = free;
  checkTensor(where, "a", a, 2);
  checkSameShape(where, "b", b, a.shape);
  for (const [name, wanted] of Object.entries(trialFactors.start(a.shape[1])))
    if (wanted) checkSameShape(where, name, (free as Params)[name] as Matrix, wanted.shape);
}
