import { checkWhole, fail, provenance } from "../base";
import { numericalRank } from "../linalg";
import type { Activation } from "../kernels";
import type { GradientTransform } from "../optim";
import { checkFinite, checkSameShape, checkTensor, norm, transpose, type Matrix } from "../tensor";
import { identityShift, jointRank } from "./identity-shift";
import type { HoldingBound, RefusedBound } from "./rank-bound";

/** What is known of a network and its training before it is trained. */
export interface LearningSetup {
  readonly units: number;
  /** how many inputs, or W_in (units × inputs), whose rank may be lower; or W_in times the inputs of all times, for what the data excite */
  readonly inputs: number | Matrix;
  /** how many outputs, or C (outputs × units), or the error signals of all times, each times C (any × units) */
  readonly outputs: number | Matrix;
  /** the dimension that initial states span, or the states, one per row; default 0: all start from zero */
  readonly initialStates?: number | Matrix;
  /** whether there is a bias; default false */
  readonly bias?: boolean;
  /** W(0), (units × units); absent: zero */
  readonly initialWeights?: Matrix;
  /** how many snapshots the tensor of weight changes holds */
  readonly steps: number;
  readonly activation: Activation;
  readonly optimizer: Pick<GradientTransform, "name" | "span">;
  /** process noise on the states; default false */
  readonly noise?: boolean;
  /** weights that are frozen, masked or kept to a sign; default false */
  readonly constrained?: boolean;
  /** a time constant of its own for every unit; default false */
  readonly unitTimeConstants?: boolean;
  /** weight decay on W; the bound is then on W(s) - g(s) W(0), g the factor by which W(0) has decayed. Default false */
  readonly weightDecay?: boolean;
  /** a penalty other than squared norms of parameters, such as L1, or one on rates; default false */
  readonly penalty?: boolean;
}

/** Of the rank of W(0) - c I, relative to its largest singular value: above the rounding of sums, and far below what learning could show. */
const tolerance = 1e-12;

/** Bounds on the ranks of weight changes over learning. `atMost` is for the matrix W(s) - W(0), at every step s. */
export interface HoldingLearningBound extends HoldingBound {
  /** of the tensor of changes (units × units × steps) */
  readonly multilinear: readonly [number, number, number];
  /** of the same tensor: CP rank */
  readonly cp: number;
  /** of the weights themselves, which hold W(0) too */
  readonly weights: {
    readonly matrix: number;
    readonly multilinear: readonly [number, number, number];
    readonly cp: number;
  };
}
export type LearningRankBound = HoldingLearningBound | RefusedBound;

/**
 * How large the rank of weight changes can become while a linear network learns by gradient descent: at most the dimension of its learning subspace,
 * `d = inputs + outputs + dim(initial states) + bias + r`, r the dimension of the columns and rows of W(0) - c I together. Asked for a network that breaks an
 * assumption, it refuses and names it.
 *
 * @throws {@link LtrnnError} when sizes are not whole numbers or shapes disagree
 * @remarks O(units³) where W(0) is given.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36, for the question; docs/theory.md B1 to B5 for statements and proofs
 * @example learningRankBound({ units: 64, inputs: 3, outputs: 2, steps: 100, activation: "identity", optimizer: sgd(0.1) }).atMost // 5
 */
export function learningRankBound(setup: LearningSetup): LearningRankBound {
  const where = "learningRankBound";
  const {
    units,
    inputs,
    outputs,
    initialStates = 0,
    bias = false,
    initialWeights,
    steps,
    activation,
    optimizer,
    noise = false,
    constrained = false,
    unitTimeConstants = false,
    weightDecay = false,
    penalty = false,
  } = setup;
  checkWhole(where, "units", units, 1);
  checkWhole(where, "steps", steps, 1);
  const dimensionOf = (name: string, given: number | Matrix, unitsAreRows: boolean) => {
    if (typeof given === "number") {
      checkWhole(where, name, given, 0);
      return Math.min(given, units);
    }
    checkTensor(where, name, given, 2);
    if (given.shape[unitsAreRows ? 0 : 1] !== units)
      fail(where, {
        expected: `${name} for ${units} units`,
        got: `(${given.shape.join(" × ")})`,
        fix: unitsAreRows
          ? "Order it (units × inputs)."
          : `Order it (${name === "outputs" ? "outputs" : "conditions"} × units).`,
      });
    return numericalRank(given).rank;
  };
  const sizes = {
    inputs: dimensionOf("inputs", inputs, true),
    outputs: dimensionOf("outputs", outputs, false),
    initialStates: dimensionOf("initialStates", initialStates, false),
    bias: bias ? 1 : 0,
  };
  if (initialWeights) {
    checkSameShape(where, "initialWeights", initialWeights, [units, units]);
    checkFinite(where, "initialWeights", initialWeights);
  }
  const made = provenance(where, null, {
    units,
    ...sizes,
    steps,
    activation,
    optimizer: optimizer.name,
    noise,
    constrained,
    unitTimeConstants,
    weightDecay,
    penalty,
  });
  const certificate =
    "Fold trajectoryCertificate over the training run: it holds for any activation and certifies what was reached.";
  const refuse = (because: string, tryInstead = certificate): RefusedBound => ({
    status: "refused",
    because,
    tryInstead,
    provenance: made,
  });
  if (activation !== "identity")
    return refuse(`the activation ${activation} mixes directions, so states leave every fixed subspace`);
  if (!optimizer.span.preserved)
    return refuse(
      optimizer.span.because,
      "Train by sgd or momentum, with clipByNorm if need be; or compute numericalRank of the weights it reached.",
    );
  if (noise)
    return refuse(
      "process noise drives the states out of the learning subspace",
      "Train without noise; or fold trajectoryCertificate over the run.",
    );
  if (constrained)
    return refuse(
      "a mask or sign constraint on weights cuts entries out of low-rank gradients",
      "Train all weights freely; or compute numericalRank of the weights it reached.",
    );
  if (unitTimeConstants)
    return refuse(
      "unit-wise time constants scale the entries of states and adjoints one by one",
      "Give all units one tau.",
    );
  if (penalty)
    return refuse(
      "the penalty adds gradients that are no products of states and adjoints",
      "Penalize squared norms of parameters only.",
    );
  const rest = initialWeights && identityShift(initialWeights).rest;
  const ofWeights =
    rest && norm(rest) > 1e-12 * norm(initialWeights) ? jointRank([rest, transpose(rest)], tolerance) : 0; // below, c I is all there is
  const sum = sizes.inputs + sizes.outputs + sizes.initialStates + sizes.bias + ofWeights;
  const d = Math.min(sum, units),
    cp = Math.min(d * d, d * steps),
    first = initialWeights ? numericalRank(initialWeights).rank : 0,
    both = Math.min(units, d + first);
  return {
    status: "holds",
    atMost: d,
    ...(sum >= units ? { vacuous: true as const } : {}),
    multilinear: [d, d, Math.min(steps, d * d)],
    cp,
    weights: { matrix: both, multilinear: [both, both, Math.min(steps, d * d + (first > 0 ? 1 : 0))], cp: cp + first },
    statement: `rank(W(s) - ${weightDecay ? "g(s) " : ""}W(0)) is at most ${d} at every step s`,
    assumptions: [
      "linear units, one time constant",
      `updates in the span of gradients (${optimizer.name})`,
      "no process noise",
      "all weights free",
      ...(ofWeights > 0 ? [`W(0) - c I spans ${ofWeights} dimensions at a tolerance of ${tolerance}`] : []),
      `a loss of the outputs alone, but for squared norms of parameters${weightDecay ? "" : " other than W"}`,
    ],
    because:
      sum >= units
        ? `the learning subspace may be all of the ${units} dimensions: ${sum} = ${describe(sizes, ofWeights)}`
        : `weight changes stay in the learning subspace, of dimension at most ${sum} = ${describe(sizes, ofWeights)}`,
    provenance: made,
  };
}

const describe = (
  sizes: { readonly inputs: number; readonly outputs: number; readonly initialStates: number; readonly bias: number },
  ofWeights: number,
) =>
  `${sizes.inputs} of inputs + ${sizes.outputs} of outputs + ${sizes.initialStates} of initial states + ${sizes.bias} of the bias + ${ofWeights} of W(0)`;
