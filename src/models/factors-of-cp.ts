import { fail, isRecord, show } from "../base";
import { checkFactors, checkFinite, checkTensor, type Matrix, type Vector } from "../tensor";

/** A CP decomposition of weights over trials or snapshots, (units × units × trials), as `cpAls` gives it. */
export interface CpOfWeights {
  /** (rank) */
  readonly weights: Vector;
  /** (units × rank), (units × rank) and (trials × rank) */
  readonly factors: readonly Matrix[];
}

/** The three factors of a network of so many units; the weight of every component goes into its trial factor. */
export function factorsOfCp(
  where: string,
  cp: CpOfWeights,
  units: number,
): { readonly a: Matrix; readonly b: Matrix; readonly c: Matrix } {
  if (!isRecord(cp) || !isRecord(cp.weights))
    fail(where, {
      expected: "cp to be a CP decomposition { weights, factors }",
      got: show(cp),
      fix: "Pass what cpAls gave of the weights over trials.",
    });
  const { weights, factors } = cp;
  checkFactors(where, factors);
  checkTensor(where, "cp.weights", weights, 1);
  for (const [mode, f] of factors.entries()) checkFinite(where, `factor ${mode} of cp`, f);
  checkFinite(where, "cp.weights", weights);
  const sizes = factors.map((f) => f.shape[0]),
    rank = factors[0].shape[1];
  if (sizes.length !== 3 || sizes[0] !== units || sizes[1] !== units || weights.shape[0] !== rank)
    fail(where, {
      expected:
        `factors for weights of ${units} units over trials, (${units} × ${units} ` +
        "× trials), and one weight for every component",
      got: `factors with ${sizes.join(", ")} rows, and ${weights.shape[0]} weights for ${rank} components`,
      fix: "Decompose the tensor of this network's weights: recordWeights gives it.",
    });
  const [a, b, trials] = factors;
  return { a, b, c: { shape: trials.shape, data: trials.data.map((x, i) => x * weights.data[i % rank]) } };
}
