import { type FieldsOf, provenance, readOptions } from "../base";
import type { HoldingBound, RefusedBound } from "./rank-bound";

/** Sizes of a network of low rank, or of low tensor rank with the same column factors in all trials. */
export interface LatentDimensionSetup {
  readonly units: number;
  /** components of the weights, over all trials */
  readonly rank: number;
  readonly inputs: number;
  /** the dimension of the span of initial states; default 0 */
  readonly initialStates?: number;
  /** default false */
  readonly bias?: boolean;
  /** process noise in all directions; default false */
  readonly noise?: boolean;
}

const latentDimensionSetup = {
  units: { is: "whole number", least: 1, needed: true },
  rank: { is: "whole number", least: 0, needed: true },
  inputs: { is: "whole number", least: 0, needed: true },
  initialStates: { is: "whole number", least: 0, fallback: 0 },
  bias: { is: "boolean", fallback: false },
  noise: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<LatentDimensionSetup>;

/**
 * All states of all trials, over the whole of learning, lie in one subspace, spanned by the column factors, input
 * weights, initial states and bias, where `W^(k) = A diag(c(k)) B'` and only c changes: of dimension at most
 * `rank + inputs + initialStates + bias`. True for any activation.
 *
 * @throws {@link LtrnnError} when sizes are not whole numbers
 * @see docs/theory.md C2
 * @example latentDimensionBound({ units: 100, rank: 3, inputs: 2 }).atMost // 5
 */
export function latentDimensionBound(setup: LatentDimensionSetup): HoldingBound | RefusedBound {
  const where = "latentDimensionBound";
  const { units, rank, inputs, initialStates, bias, noise } = readOptions<
    LatentDimensionSetup,
    typeof latentDimensionSetup
  >(where, setup, latentDimensionSetup, "setup");
  const origin = provenance(where, null, { units, rank, inputs, initialStates, bias, noise });
  if (noise)
    return {
      status: "refused",
      because: "process noise drives the states in all directions",
      tryInstead: "Simulate without noise, or compute numericalRank of the states.",
      provenance: origin,
    };
  const sum = rank + inputs + initialStates + (bias ? 1 : 0);
  const atMost = Math.min(sum, units);
  return {
    status: "holds",
    atMost,
    ...(sum >= units ? { vacuous: true as const } : {}),
    statement: `the states of all trials lie in one subspace of dimension at most ${atMost}`,
    assumptions: [
      "column factors, input weights, bias and initial states are the same " +
        "in all trials, or spanned by what was counted",
      "no process noise",
    ],
    because:
      `every step adds multiples of the ${rank} column factors, ${inputs} input ` +
      `weights${bias ? ", the bias" : ""} and the state before`,
    provenance: origin,
  };
}
