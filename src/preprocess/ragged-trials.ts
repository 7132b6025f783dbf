import { fail } from "../base";
import { checkTensor, shapeText, type Matrix, type Tensor3 } from "../tensor";

/**
 * The trials of a padded tensor, each with its own length, the inverse of `padTrials`: bins at the end of a trial that
 * are missing in all units are cut off.
 *
 * @param x - (trials × time × units), NaN where missing
 * @returns one matrix (time × units) per trial, as `parafac2` takes them
 * @throws {@link LtrnnError} when x is no tensor of three modes, or a trial has no entries at all
 * @remarks O(entries).
 * @example raggedTrials(tensor([2, 2, 1], [1, 2, 3, NaN])).map((trial) => trial.shape[0]) // [2, 1]
 */
export function raggedTrials(x: Tensor3): Matrix[] {
  const where = "raggedTrials";
  checkTensor(where, "x", x, 3);
  const [trials, bins, units] = x.shape;
  if (units === 0)
    fail(where, { expected: "at least one unit", got: `shape ${shapeText(x.shape)}`, fix: "Pass their activity." });
  return Array.from({ length: trials }, (_, trial): Matrix => {
    const data = x.data.subarray(trial * bins * units, (trial + 1) * bins * units);
    let length = data.length;
    while (length > 0 && Number.isNaN(data[length - 1])) length--;
    const rows = Math.ceil(length / units);
    if (rows === 0)
      fail(where, {
        expected: "at least one entry in every trial",
        got: `none in trial ${trial}`,
        fix: "Leave the trial out with select.",
      });
    return { shape: [rows, units], data: data.slice(0, rows * units) };
  });
}
