import { checkWhole, fail, readOptions, type FieldsOf } from "../base";
import { checkFinite, checkTensor, zeros, type Matrix, type Tensor3 } from "../tensor";
import { r2Score } from "./r2-score";

/** Which trials belong to which PSTH. */
export interface PsthOptions {
  /** the row of `psth` that each trial belongs to, or -1: to none */
  readonly rows: readonly number[];
}

const fields = {
  rows: { is: "list", of: { is: "whole number", least: -1 }, needed: true },
} as const satisfies FieldsOf<PsthOptions>;

/**
 * How well rates, averaged over the trials of each condition, match PSTHs (peri-stimulus time histograms): R² over all
 * conditions and bins, the mean over neurons. A neuron whose PSTH is flat scores 1 where the prediction is exact, else
 * 0.
 *
 * @param psth - (conditions × time × neurons); a bin that is NaN for all neurons is left out
 * @param rates - predicted (trials × time × neurons)
 * @throws {@link LtrnnError} when sizes differ, a row is not in `psth`, a number that is read is not finite, or no
 * trial belongs to a condition
 * @remarks O(entries). Conditions without trials are left out.
 * @see Pei et al. (2021), Neural Latents Benchmark '21, NeurIPS datasets
 * @example psthR2(tensor([1, 2, 1], [1, 3]), tensor([2, 2, 1], [0, 3, 2, 3]), { rows: [0, 0] }) // 1
 */
export function psthR2(psth: Tensor3, rates: Tensor3, options: PsthOptions): number {
  const where = "psthR2";
  checkTensor(where, "psth", psth, 3);
  checkTensor(where, "rates", rates, 3);
  const [conditions, time, neurons] = psth.shape;
  if (rates.shape[1] !== time || rates.shape[2] !== neurons || neurons === 0)
    fail(where, {
      expected: `rates (trials × ${time} × ${neurons}), as psth, of at least one neuron`,
      got: rates.shape.join(" × "),
      fix: "Pass rates in the bins and neurons of the PSTHs.",
    });
  const { rows } = readOptions(where, options, fields);
  if (rows.length !== rates.shape[0])
    fail(where, {
      expected: `${rates.shape[0]} rows, one per trial`,
      got: String(rows.length),
      fix: "Name the row of psth of each trial.",
    });
  rows.forEach((row, trial) => {
    if (row >= 0) checkWhole(where, `rows[${trial}]`, row, 0, conditions - 1);
  });
  const truth: number[] = [],
    mean: number[] = [];
  for (let condition = 0; condition < conditions; condition++) {
    const members = rows.flatMap((row, trial) => (row === condition ? [trial] : []));
    if (members.length === 0) continue;
    for (let t = 0; t < time; t++) {
      const at = (condition * time + t) * neurons;
      if (psth.data.subarray(at, at + neurons).every(Number.isNaN)) continue;
      for (let n = 0; n < neurons; n++) {
        truth.push(psth.data[at + n]);
        const rate = (trial: number) => rates.data[(trial * time + t) * neurons + n],
          first = rate(members[0]); // so that the mean of equal rates is that rate
        mean.push(first + members.reduce((sum, trial) => sum + (rate(trial) - first) / members.length, 0));
      }
    }
  }
  if (truth.length === 0)
    fail(where, {
      expected: "a trial of a condition with a PSTH",
      got: "none",
      fix: "Name the row of psth of each trial.",
    });
  const matrix = (name: string, entries: readonly number[]): Matrix => {
    const made = zeros([entries.length / neurons, neurons]);
    made.data.set(entries);
    checkFinite(where, name, made);
    return made;
  };
  const score = r2Score(matrix("psth", truth), matrix("rates", mean));
  if (!Number.isFinite(score))
    fail(where, { expected: "rates in the unit of psth", got: "an R² that overflows", fix: "Rescale both." });
  return score;
}
