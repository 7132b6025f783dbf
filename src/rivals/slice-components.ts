import { fail, readOptions, show, type FieldsOf } from "../base";
import { bestOf, type Baseline } from "../baselines";
import { sliceTca, sliceTcaToTensor } from "../slices";
import type { Tensor3 } from "../tensor";
import { deviationsOf } from "./deviations";
import { rivalFields, type RivalOptions } from "./component-options";

/** Options of {@link sliceComponents}. */
export interface SliceComponentsOptions extends Omit<RivalOptions, "ranks"> {
  /**
   * numbers of trial, time and neuron components to choose from; default each kind alone with one or two, and one of
   * each
   */
  readonly ranks?: readonly (readonly [number, number, number])[];
}

const usual = () => [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [2, 0, 0],
  [0, 2, 0],
  [0, 0, 2],
  [1, 1, 1],
];

/**
 * sliceTCA of the deviations of trials from the mean of their condition, fitted to training entries only; the number of
 * components of each kind is chosen on the validation set: `chosen` is an index into `ranks`.
 *
 * @param activity - (trials × time × neurons)
 * @throws {@link LtrnnError} as {@link conditionMean}, or for ranks that the data do not allow
 * @remarks O(ranks · passes · entries · smaller side of each unfolding).
 * @see Pellegrino, Stein & Cayco-Gajic (2024), Dimensionality reduction beyond neural subspaces with slice tensor
 * component analysis, Nature Neuroscience 27
 * @example sliceComponents(tensor([3, 2, 1], [1, 2, 2, 4, 3, 6]), { train: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]),
 * validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), ranks: [[1, 0, 0]] }).chosen // 0
 */
export function sliceComponents(activity: Tensor3, options: SliceComponentsOptions): Baseline {
  const where = "sliceComponents",
    table = {
      ...rivalFields(),
      ranks: {
        is: "list",
        of: { is: "list", of: { is: "whole number", least: 0, most: 1000 } },
        fallback: usual(),
      },
    } as const satisfies FieldsOf<SliceComponentsOptions>,
    { ranks: choices, passes, seed, ...given } = readOptions(where, options, table),
    { train, validation } = given,
    ranks = choices as readonly (readonly number[])[];
  const { x, mask, silent, back } = deviationsOf(where, activity, given as never),
    [trials, time, neurons] = activity.shape,
    limits = [Math.min(trials, time * neurons), Math.min(time, trials * neurons), Math.min(neurons, trials * time)],
    fits = (one: readonly number[]) =>
      one.length === 3 && one.some((rank) => rank > 0) && one.every((rank, mode) => rank <= limits[mode]),
    allowed = options.ranks === undefined ? ranks.filter(fits) : ranks,
    bad = allowed.find((one) => !fits(one));
  if (allowed.length === 0 || bad)
    fail(where, {
      expected: `ranks of three numbers up to ${limits.join(", ")}, one above 0`,
      got: show(bad ?? allowed),
      fix: "Pass such as [[1, 0, 0], [1, 1, 0]].",
    });
  return bestOf(
    where,
    activity,
    { train, validation },
    allowed.map((_, i) => i),
    (i) => {
      if (silent) return { prediction: back(x), status: "converged" };
      const found = sliceTca(x, allowed[i] as [number, number, number], {
        mask,
        seed,
        sweeps: passes,
        starts: 1,
      });
      return { prediction: back(sliceTcaToTensor(found)), status: found.status };
    },
    { ranks: allowed.map((one) => [...one]), passes, seed },
  );
}
