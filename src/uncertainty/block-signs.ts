import type { Random } from "../base";

/**
 * A sign for every trial, the same within blocks of neighbors, whose borders are drawn too. The residuals of the trials
 * of a block, times its sign, keep their covariance over time, neurons and the trials of the block.
 *
 * Residuals lack the variance along the fitted parameters: those that trials share, and those that are smooth over
 * trials. Sums over neighboring trials lack most of it, and so do blocks; a sample with replacement of n trials lacks
 * `length / n` of the variance of what these trials share.
 */
export function blockSigns(trials: number, length: number, random: Random): Float64Array {
  const signs = new Float64Array(trials),
    first = random.int(0, length - 1);
  let sign = 0;
  for (let k = 0; k < trials; k++) {
    if (k === 0 || (k + first) % length === 0) sign = random.uniform() < 0.5 ? -1 : 1;
    signs[k] = sign;
  }
  return signs;
}
