import { fail, readOptions, show } from "../base";
import { bestOf, type Baseline } from "../baselines";
import { cpAls } from "../decompose";
import { cpToTensor } from "../factored";
import type { Tensor3 } from "../tensor";
import { deviationsOf } from "./deviations";
import { rivalFields, type RivalOptions } from "./component-options";

/**
 * CP of the deviations of trials from the mean of their condition, fitted to training entries only; its rank is chosen
 * on the validation set.
 *
 * @param activity - (trials × time × neurons)
 * @throws {@link LtrnnError} as {@link conditionMean}, or without a rank to choose from
 * @remarks O(ranks · passes · entries · rank²).
 * @see Williams et al. (2018), Unsupervised discovery of demixed, low-dimensional neural dynamics, Neuron 98
 * @example maskedCp(tensor([3, 2, 1], [1, 2, 2, 4, 3, 6]), { train: tensor([3, 2, 1], [1, 1, 1, 1, 1, 0]),
 * validation: tensor([3, 2, 1], [0, 0, 0, 0, 0, 1]), ranks: [1] }).chosen // 1
 */
export function maskedCp(activity: Tensor3, options: RivalOptions): Baseline {
  const where = "maskedCp",
    { ranks: choices, passes, seed, ...given } = readOptions(where, options, rivalFields()),
    { train, validation } = given;
  const { x, mask, silent, back } = deviationsOf(where, activity, given as never);
  const most = activity.data.length / Math.max(...activity.shape), // no tensor of this shape has a higher rank
    ranks = options.ranks === undefined ? choices.filter((rank) => rank <= most) : choices;
  if (ranks.length === 0 || ranks.some((rank) => rank > most))
    fail(where, { expected: `ranks from 1 to ${most}`, got: show(ranks), fix: "Leave larger ones out." });
  return bestOf(
    where,
    activity,
    { train, validation },
    ranks,
    (rank) => {
      if (silent) return { prediction: back(x), status: "converged" };
      const found = cpAls(x, rank, { mask, seed, sweeps: passes, starts: 2, missing: "impute" });
      return { prediction: back(cpToTensor(found)), status: found.status };
    },
    { ranks: [...ranks], passes, seed },
  );
}
