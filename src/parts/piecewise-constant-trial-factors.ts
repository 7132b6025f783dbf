import { checkLabels, type Labels } from "../masks";
import { fail } from "../base";
import { checkSameShape, zeros, type Matrix } from "../tensor";
import { checkRows } from "./check-rows";
import { constantsOf, expandRows } from "./constants";
import { labelsOf, readEpochs, rowsAmong } from "./trial-epochs";
import { refusedPrediction, type TrialPrediction, type TrialPrior } from "./trial-factors";
import { readTimes } from "./trial-times";

/** Parameters of piecewise constant trial factors: a value of each factor in every block (blocks × rank). */
export type PiecewiseConstantParams = { readonly levels: Matrix };

/**
 * Trial factors that are constant within blocks of trials, such as the epochs of a task. The adjoint is the sum over
 * the trials of each block; a new trial has the value of its block, with variance 0.
 *
 * @param blocks - a label per trial, a number, text or boolean: trials of one label share their factors
 * @throws {@link LtrnnError} when blocks are not labels, or parameters have other shapes
 * @example piecewiseConstantTrialFactors(["base", "base", "field"])({ levels: tensor([2, 1], [1, 4]) })[0].data
 * // [1, 1, 4]
 */
export function piecewiseConstantTrialFactors(blocks: Labels): TrialPrior<PiecewiseConstantParams> {
  const where = "piecewiseConstantTrialFactors";
  checkLabels(where, "blocks", blocks);
  const trials = blocks.length;
  if (trials < 1)
    fail(where, { expected: "blocks of at least one trial", got: "none", fix: "Pass a label for each trial." });
  const sorted = readEpochs(where, "blocks", blocks, trials),
    count = sorted.labels.length,
    levelsOf = constantsOf(trials, sorted.rows, count);
  const factors = ({ levels }: PiecewiseConstantParams) => {
    checkRows(where, "levels", levels, count, "blocks");
    const c = levelsOf.expand(levels);
    const adjoint = (dc: Matrix): PiecewiseConstantParams => {
      checkSameShape(where, "dc", dc, c.shape);
      return { levels: levelsOf.adjoint(dc) as Matrix };
    };
    return [c, adjoint] as const;
  };
  const start = (rank: number) => ({ levels: levelsOf.start(rank) as Matrix });
  const predict = (
    { levels }: PiecewiseConstantParams,
    times: readonly number[],
    newBlocks?: Labels,
  ): TrialPrediction => {
    checkRows(where, "levels", levels, count, "blocks");
    const rows = rowsAmong(where, sorted, newBlocks, readTimes(where, "times", times).length),
      unknown = rows.indexOf(-1);
    if (unknown >= 0)
      return refusedPrediction(
        `new trial ${unknown} is of a block without known trials`,
        "Name one of the known blocks, or fit with gaussianTrialFactors.",
      );
    const mean = expandRows(levels, rows);
    return { status: "predicted", mean, variance: zeros(mean.shape) };
  };
  return Object.assign(factors, { description: { kind: where, blocks: labelsOf(sorted) }, trials, start, predict });
}
