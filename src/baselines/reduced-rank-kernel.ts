import { fail, readOptions, show, type FieldsOf, failingAs } from "../base";
import { symmetricEigen, firstColumns } from "../linalg";
import { checkTensor, gram, matmul, transpose, type Matrix, type Tensor3 } from "../tensor";
import { bestOf, checkBaseline, choosingFields, type Baseline } from "./baseline";
import { kernelMean } from "./kernel-mean";
import { checkWidths, type SmoothedOptions } from "./smoothed-condition-mean";

export interface ReducedRankOptions extends SmoothedOptions {
  /** numbers of components to choose from; default 1, 2, 3, 5 and 8, as far as the data allow */
  readonly ranks?: readonly number[];
}

/**
 * The smoothed condition mean at a reduced rank: what it adds to the plain mean of each condition, one row of time ×
 * neurons numbers for every trial, is projected on its leading principal components. Width and rank are chosen together
 * on the validation set; `chosen` is the rank.
 *
 * @throws {@link LtrnnError} as {@link smoothedConditionMean}, or when a rank exceeds what the data allow
 * @remarks O(widths · (trials² · time · neurons + trials³)).
 * @see Izenman (1975), Reduced-rank regression for the multivariate linear model, J. Multivariate Analysis 5
 * @example reducedRankKernel(tensor([3, 2, 1], [1, 2, 1, 2, 1, 2]), { train: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]),
 * validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), widths: [5], ranks: [1] }).chosen // 1
 */
export function reducedRankKernel(activity: Tensor3, options: ReducedRankOptions): Baseline {
  const where = "reducedRankKernel";
  const fields = {
    ...choosingFields,
    widths: { is: "checked", check: checkWidths, fallback: [3, 5, 10, 17, 30, 55, 100, 170, 300] },
    ranks: { is: "list", of: { is: "whole number", least: 1 } },
  } as const satisfies FieldsOf<ReducedRankOptions>;
  checkTensor(where, "activity", activity, 3);
  const { train, validation, conditions, widths, ranks } = readOptions(where, options, fields);
  checkBaseline(where, activity, { train, validation });
  const [trials, time, neurons] = activity.shape,
    most = Math.min(trials, time * neurons),
    choices = ranks ?? [1, 2, 3, 5, 8].filter((rank) => rank <= most);
  if (choices.length === 0 || choices.some((rank) => rank > most))
    fail(where, { expected: `ranks from 1 to ${most}`, got: show(choices), fix: "Leave larger ones out." });
  const plain = kernelMean(where, activity, train, conditions, Number.POSITIVE_INFINITY).data,
    smooth = widths.map((width) => {
      const data = kernelMean(where, activity, train, conditions, width).data.map((x, i) => x - plain[i]);
      return failingAs(where, () => principal({ shape: [trials, time * neurons], data }));
    });
  const ofRank = (rank: number): Baseline =>
    bestOf(
      where,
      activity,
      { train, validation },
      widths.map((_, i) => i),
      (i) => ({
        prediction: { shape: activity.shape, data: smooth[i](rank).map((x, at) => x + plain[at]) },
        status: "converged",
      }),
      {},
    );
  return bestOf(where, activity, { train, validation }, choices, ofRank, { widths: [...widths], ranks: [...choices] });
}

/** The projection of a matrix on its leading components, of any number. */
function principal(x: Matrix): (rank: number) => Float64Array {
  const tall = x.shape[0] >= x.shape[1],
    scale = x.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1,
    unit: Matrix = { shape: x.shape, data: x.data.map((value) => value / scale) },
    { vectors } = symmetricEigen(gram(tall ? unit : transpose(unit)));
  return (rank) => {
    const leading = firstColumns(vectors, rank);
    return tall
      ? matmul(matmul(x, leading), transpose(leading)).data
      : matmul(leading, matmul(transpose(leading), x)).data;
  };
}
