import { type FieldsOf, provenance, readOptions } from "../base";
import { symmetricPart } from "../linalg";
import { matmul, type Matrix, transpose } from "../tensor";
import { overlapGradient, type OverlapTask } from "./overlap-gradient";
import { type OverlapOptions, overlapOptions, prepareOverlaps, runOverlaps } from "./overlap-run";
import type { OverlapPoint, OverlapState } from "./overlap-state";
import type { LinearLowRankParams } from "./overlap-vectors";

export interface OverlapDescentOptions extends OverlapOptions {
  /** learning rate */
  readonly rate: number;
}

/**
 * Plain gradient descent on all arrays of a linear low-rank network, in overlaps alone. Its states and adjoints are
 * combinations of the columns of `Z = [M, N, W_in, C', x_0, b]`, so every gradient is `Z Gamma`, an update is `Z <- Z
 * (I - rate Gamma)`, and Gamma depends on Z only through the overlaps `Z' Z`: they are a closed system, for any number
 * of units. The loss is half the mean squared error of the outputs.
 *
 * @param params - the network at the start
 * @param task - inputs (trials × time × inputs) and targets (trials × time × outputs); all entries are observed
 * @throws {@link LtrnnError} when shapes disagree or an entry is not finite
 * @remarks O(trials · time · p²) an update, p = 2 rank + inputs + outputs + rows of x0 + bias. Exact up to rounding. A
 * loss that stops being finite ends the run with status "diverged".
 * @see docs/theory.md F1
 * @example [...overlapDescent({ m: zeros([9, 1]), n: zeros([9, 1]), wIn: zeros([9, 1]), readout: zeros([1, 9]),
 * x0: zeros([1, 9]) }, { inputs: zeros([1, 3, 1]), targets: zeros([1, 3, 1]) }, { alpha: 0.1, rate: 0.1,
 * steps: 2 })].length // 3
 */
export function* overlapDescent(
  params: LinearLowRankParams,
  task: OverlapTask,
  options: OverlapDescentOptions,
): Generator<OverlapState> {
  const where = "overlapDescent";
  const overlapDescentOptions = {
    ...overlapOptions,
    rate: { is: "number", above: 0, needed: true },
  } as const satisfies FieldsOf<OverlapDescentOptions>;
  const { alpha, rate, steps, every } = readOptions<OverlapDescentOptions, typeof overlapDescentOptions>(
    where,
    options,
    overlapDescentOptions,
  );
  const start = prepareOverlaps(where, params, task);
  const origin = provenance(where, null, { alpha, rate, steps, every });
  yield* runOverlaps(start, { steps, every, unit: 1 }, origin, ({ overlaps, transform, readoutBias }) => {
    const { loss, gamma, dReadoutBias } = overlapGradient(overlaps, readoutBias, start.blocks, start.task, alpha);
    const next = (): OverlapPoint => {
      const update = identityMinus(gamma, rate),
        bias = start.biased ? rate : 0;
      return {
        overlaps: symmetricPart(matmul(matmul(transpose(update), overlaps), update)),
        transform: matmul(transform, update),
        readoutBias: {
          shape: readoutBias.shape,
          data: readoutBias.data.map((d, i) => d - bias * dReadoutBias.data[i]),
        },
      };
    };
    return { loss, next };
  });
}

function identityMinus({ shape, data }: Matrix, rate: number): Matrix {
  const diagonal = shape[0] + 1;
  return { shape, data: data.map((g, i) => (i % diagonal === 0 ? 1 : 0) - rate * g) };
}
