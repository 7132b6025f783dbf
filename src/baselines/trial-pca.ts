import { fail, readOptions, show, square, type FieldsOf, type Status } from "../base";
import { largestUnder } from "../scores";
import { checkTensor, type Matrix, type Tensor3 } from "../tensor";
import { bestOf, checkBaseline, choosingFields, type Baseline, type ChoosingOptions } from "./baseline";
import { imputedPca } from "./imputed-pca";
import { kernelMean } from "./kernel-mean";

export interface TrialPcaOptions extends ChoosingOptions {
  /** numbers of components to choose from; default 1, 2, 3, 5 and 8, as far as the data allow */
  readonly ranks?: readonly number[];
  /** a run has converged when a pass changes the model by no more than this share of its norm; default 1e-6 */
  readonly tolerance?: number;
  /**
   * passes to make at most for each number of components; default 2000. Where they run out while the validation error
   * falls, the status says "exhausted"
   */
  readonly passes?: number;
}

/**
 * Principal components over time and neurons of whole trials, fitted to training entries only by alternating imputation
 * (EM), their number chosen on the validation set.
 *
 * A trial is one row of time × neurons numbers; its held-out entries are predicted from its other ones. Passes end when
 * the model no longer changes, or when the validation error has been rising for half as many passes as it took to reach
 * its lowest: with much held out, more passes fit noise. The pass with the lowest validation error is kept.
 *
 * @throws {@link LtrnnError} as {@link conditionMean}, or when a number of components exceeds what the data allow
 * @remarks O(numbers · passes · components · trials · time · neurons).
 * @see Roweis (1998), EM algorithms for PCA and SPCA, NIPS 10
 * @example trialPca(tensor([3, 2, 1], [1, 2, 2, 4, 3, 6]), { train: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]),
 * validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), ranks: [1] }).chosen // 1
 */
export function trialPca(activity: Tensor3, options: TrialPcaOptions): Baseline {
  const where = "trialPca";
  const fields = {
    ...choosingFields,
    ranks: { is: "list", of: { is: "whole number", least: 1 } },
    tolerance: { is: "number", least: 0, fallback: 1e-6 },
    passes: { is: "whole number", least: 1, fallback: 2000 },
  } as const satisfies FieldsOf<TrialPcaOptions>;
  checkTensor(where, "activity", activity, 3);
  const { train, validation, conditions, ranks, tolerance, passes } = readOptions(where, options, fields);
  checkBaseline(where, activity, { train, validation });
  const [trials, time, neurons] = activity.shape,
    columns = time * neurons,
    most = Math.min(trials, columns);
  const mean = kernelMean(where, activity, train, conditions, Infinity).data,
    deviations = activity.data.map((value, index) => value - mean[index]),
    scale = largestUnder({ shape: activity.shape, data: deviations }, train) || 1;
  const residualsUnder = (mask: Tensor3) =>
    deviations.map((value, index) => (mask.data[index] === 0 ? 0 : value / scale));
  const residuals: Matrix = { shape: [trials, columns], data: residualsUnder(train) },
    unseen = residualsUnder(validation);
  const choices = ranksOf(where, ranks, most);
  return bestOf(
    where,
    activity,
    { train, validation },
    choices,
    (rank) => {
      const { model, status } = bestPass(residuals, train.data, validation.data, unseen, rank, { tolerance, passes });
      return {
        prediction: { shape: activity.shape, data: model.map((value, index) => scale * value + mean[index]) },
        status,
      };
    },
    { ranks: [...choices], tolerance, passes },
  );
}

/** The numbers of components that were asked for, or those of the defaults that the data allow. */
function ranksOf(where: string, ranks: readonly number[] | undefined, most: number): readonly number[] {
  if (ranks === undefined) return [1, 2, 3, 5, 8].filter((rank) => rank <= most);
  const bad = ranks.findIndex((rank) => rank > most);
  if (ranks.length === 0 || bad >= 0)
    fail(where, {
      expected: `numbers of components from 1 to ${most}`,
      got: bad >= 0 ? `${ranks[bad]} at position ${bad}` : show(ranks),
      fix: "Leave larger ones out.",
    });
  return [...new Set(ranks)];
}

/** The model with the lowest squared error over the validation entries, among the passes. */
function bestPass(
  residuals: Matrix,
  train: Float64Array,
  validation: Float64Array,
  unseen: Float64Array,
  rank: number,
  { tolerance, passes }: { readonly tolerance: number; readonly passes: number },
): { readonly model: Float64Array; readonly status: Status } {
  const scored = [...validation.keys()].filter((index) => validation[index] !== 0);
  let best: { readonly model: Float64Array; readonly error: number; readonly pass: number } = {
    model: residuals.data,
    error: Number.POSITIVE_INFINITY,
    pass: 0,
  };
  let pass = 0;
  for (const { model, change } of imputedPca(residuals, train, rank)) {
    pass++;
    let error = 0;
    for (const index of scored) error += square(unseen[index] - model[index]);
    if (error < best.error) best = { model, error, pass };
    if (change <= tolerance || pass - best.pass > 20 + best.pass / 2) return { model: best.model, status: "converged" };
    if (pass === passes) break;
  }
  return { model: best.model, status: "exhausted" };
}
