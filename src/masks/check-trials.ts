import { fail, show } from "../base";
import { checkTensor, type Matrix } from "../tensor";

/**
 * Refuse what is not a list of at least one trial (time × neurons), all with the same number of neurons.
 *
 * @returns the trials, without the holes that a JavaScript array may have
 */
export function checkTrials(where: string, trials: readonly Matrix[], name = "trials"): Matrix[] {
  if (!Array.isArray(trials) || trials.length === 0)
    fail(where, {
      expected: `${name} to be an array of matrices (time × neurons), at least one`,
      got: show(trials),
      fix: "Pass one matrix for each trial.",
    });
  const list = Array.from(trials as readonly unknown[], (trial, k) => {
    checkTensor(where, `${name}[${k}]`, trial as Matrix, 2);
    return trial as Matrix;
  });
  const neurons = list[0].shape[1],
    other = list.findIndex(({ shape }) => shape[1] !== neurons);
  if (other >= 0)
    fail(where, {
      expected: `${neurons} neurons in every trial, as in the first`,
      got: `${list[other].shape[1]} in ${name}[${other}]`,
      fix: "Order each trial as (time × neurons), with the same neurons in all.",
    });
  return list;
}
