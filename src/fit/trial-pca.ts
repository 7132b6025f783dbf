import { fail } from "../base";
import { firstColumns, symmetricEigen } from "../linalg";
import { gram, matmul, transpose, type Matrix, type Tensor3 } from "../tensor";
import { bestOf, type Baseline, type BaselineOptions } from "./baseline";
import { kernelMean } from "./condition-mean";

/**
 * Principal components over time and neurons of whole trials, fitted to training entries only by alternating imputation (EM), their number chosen on the validation set.
 *
 * A trial is one row of time × neurons numbers; what is held out of it is predicted from what is left of it.
 *
 * `ranks` are numbers of components to choose from; 1, 2, 3, 5, 8 unless told.
 *
 * @throws {@link LtrnnError} as {@link conditionMean}, or when a number of components exceeds what the data allow
 * @remarks O(numbers · passes · trials · (time · neurons)²).
 * @see Roweis (1998), EM algorithms for PCA and SPCA, NIPS 10
 * @example trialPca(tensor([3, 2, 1], [1, 2, 2, 4, 3, 6]), { train: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]), validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), ranks: [1] }).chosen // 1
 */
export function trialPca(
  activity: Tensor3,
  {
    train,
    conditions,
    validation,
    ranks = [1, 2, 3, 5, 8],
  }: BaselineOptions & { readonly validation: Tensor3; readonly ranks?: readonly number[] },
): Baseline {
  const [trials, time, neurons] = activity.shape,
    columns = time * neurons;
  const most = Math.min(trials, columns);
  if (ranks.length === 0 || ranks.some((rank) => !Number.isInteger(rank) || rank < 1 || rank > most))
    fail("trialPca", {
      expected: `numbers of components from 1 to ${most}`,
      got: `[${ranks.join(", ")}]`,
      fix: "Leave larger ones out.",
    });
  const mean = kernelMean("trialPca", activity, train, conditions, Infinity);
  return bestOf("trialPca", activity, train, validation, ranks, (rank) => {
    // residuals about the condition mean; missing ones start at 0 and are replaced by the model, pass after pass
    const x: Matrix = {
      shape: [trials, columns],
      data: activity.data.map((value, at) => (train.data[at] === 0 ? 0 : value - mean.data[at])),
    };
    let model: Matrix = x;
    for (let pass = 0, change = Infinity; pass < 20 && change > 1e-2; pass++) {
      const basis = firstColumns(symmetricEigen(gram(x)).vectors, rank);
      model = matmul(matmul(x, basis), transpose(basis));
      let moved = 0,
        size = 0;
      for (let at = 0; at < x.data.length; at++) {
        if (train.data[at] !== 0) continue;
        moved += (model.data[at] - x.data[at]) ** 2;
        size += model.data[at] ** 2;
        x.data[at] = model.data[at];
      }
      change = size > 0 ? Math.sqrt(moved / size) : 0;
    }
    return { shape: activity.shape, data: model.data.map((value, at) => value + mean.data[at]) };
  });
}
