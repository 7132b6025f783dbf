/** An ltrRNN fitted to the activity of a network that was trained, and what of the network's learning it finds. */
import {
  fitLowTensorRank,
  modeGram,
  modeProduct,
  symmetricEigen,
  weightChanges,
  type FitOptions,
  type Matrix,
} from "ltrnn";
import type { LearnedReach } from "./learned-reach";
import { leadingColumns, nearness, rootOf, type Nearness } from "./nearness";

export interface FoundStructure {
  /** share of the activity's variance */
  readonly explained: number;
  /**
   * share of the variance of the true weight changes that their `rank` leading columns hold, and rows as rates see them
   */
  readonly held: readonly [columns: number, rows: number];
  readonly columns: Nearness;
  /** in the metric of the second moment of the rates */
  readonly rows: Nearness;
  /** what needs no fit: leading principal components of the activity, as columns */
  readonly components: Nearness;
}

/**
 * Fit the activity alone, with conditions and epochs as labels, and compare: columns of the fit with the leading left
 * singular vectors of `W(k) - W(0)` over all trials, rows with the leading right ones, both as the changes act on the
 * rates.
 */
export async function compareWithTruth(
  { activity, targets, weights }: LearnedReach,
  epochs: readonly boolean[],
  rank: number,
  options: FitOptions & { readonly seed: number },
): Promise<FoundStructure> {
  const fit = await fitLowTensorRank(activity, rank, {
    conditions: targets,
    epochs,
    decoder: "identity",
    ...options,
  });
  const { seed } = options,
    moment = modeGram(activity, 2),
    root = rootOf(moment),
    changes = weightChanges(weights),
    ofColumns = modeGram(changes, 0),
    ofRows = modeGram(modeProduct(changes, root, 1), 1),
    { a, b } = fit.model.params;
  return {
    explained: fit.explained.training.total ?? Number.NaN,
    held: [heldBy(ofColumns, rank), heldBy(ofRows, rank)],
    columns: nearness(leadingColumns(a, rank), ofColumns, { seed }),
    rows: nearness(leadingColumns(b, rank), ofRows, { seed, root }),
    components: nearness(leadingColumns(symmetricEigen(moment).vectors, rank), ofColumns, { seed }),
  };
}

/** Share of a second moment that its leading directions hold. */
function heldBy(moment: Matrix, count: number): number {
  const { values } = symmetricEigen(moment),
    sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  return sum(values.slice(0, count)) / sum(values);
}
