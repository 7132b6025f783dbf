import { fail, provenance, readOptions } from "../base";
import { describeActivation } from "../kernels";
import { rankAbove, roundingOf } from "../linalg";
import type { Matrix } from "../tensor";
import { checkSquare } from "./checks";
import { identityShift } from "./identity-shift";
import { decaysWeights, gradientRule, refusal, type RuleOf } from "./learning-assumptions";
import { isLocal, learningDimensions, type Locality } from "./learning-dimensions";
import { learningSetup, type LearningSetup, type LearningSpecials } from "./learning-setup";
import type { HoldingBound, RefusedBound } from "./rank-bound";

/**
 * Tolerance of the rank of W(0) - c I, relative to its largest singular value: above the rounding of sums, and far
 * below what could affect learning.
 */
const tolerance = 1e-12;

/**
 * Bounds on the ranks of weight changes over learning. `atMost` is for the matrix W(s) - W(0), at every step s. Plain
 * data.
 */
export interface HoldingLearningBound extends HoldingBound {
  readonly units: number;
  /** as in the setup */
  readonly snapshots: number;
  /** of the tensor of changes (units × units × snapshots) */
  readonly multilinear: readonly [number, number, number];
  /** of the same tensor: CP rank */
  readonly cp: number;
  /** of the weights themselves, which include W(0) */
  readonly weights: {
    readonly matrix: number;
    readonly multilinear: readonly [number, number, number];
    readonly cp: number;
  };
}
export type LearningRankBound = HoldingLearningBound | RefusedBound;

/**
 * A bound on the rank of weight changes while a linear network learns by gradient descent: the dimension of its
 * learning subspace, `d = inputs + outputs + dim(initial states) + bias + r`, where r is the dimension of the joint
 * span of columns and rows of W(0) - c I. For a network that breaks an assumption, the status is "refused", with the
 * assumption.
 *
 * @throws {@link LtrnnError} when sizes are not whole numbers or shapes disagree
 * @remarks O(units³) where W(0) is given.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36, for the question; docs/theory.md B1 to B5 for statements
 * and proofs
 * @example learningRankBound({ units: 64, inputs: 3, outputs: 2, snapshots: 100, activation: "identity",
 * optimizer: sgd(0.1) }).atMost // 5
 */
export function learningRankBound(setup: LearningSetup): LearningRankBound {
  const where = "learningRankBound";
  const { units, inputs, outputs, initial, steps, activation, optimizer, training, ...counted } = readOptions<
    LearningSetup,
    typeof learningSetup
  >(where, setup, learningSetup, "setup");
  const { weights: initialWeights, states = 0, bias } = initial;
  const { rule = gradientRule, ...specials } = training as Required<Omit<LearningSpecials, "rule">> & LearningSpecials,
    weightDecay = specials.weightDecay || decaysWeights(optimizer);
  const snapshots = counted.snapshots ?? steps;
  if (snapshots === undefined)
    fail(where, {
      expected: "setup.snapshots, or setup.steps where every update is a snapshot",
      got: "neither",
      fix: "Say how many snapshots of the weights are stacked.",
    });
  const sizes = {
    inputs: dimensionOf(where, "inputs", inputs, units, 0),
    outputs: dimensionOf(where, "outputs", outputs, units, 1, byFeedback(rule)),
    initialStates: dimensionOf(where, "initial.states", states, units, 1),
    bias: bias ? 1 : 0,
  };
  if (initialWeights) {
    checkSquare(where, "initial.weights", initialWeights);
    checkUnits(where, "initial.weights", initialWeights, units, 0);
  }
  const origin = provenance(
    where,
    null,
    {
      units,
      inputs: sizes.inputs,
      outputs: sizes.outputs,
      initial: { states: sizes.initialStates, bias },
      snapshots,
      activation: describeActivation(activation),
      training: {
        ...specials,
        weightDecay,
        ...(rule === gradientRule ? {} : { rule: { name: rule.name, spread: rule.spread } }),
      },
      optimizer: optimizer.description ?? { kind: "custom", name: optimizer.name },
    },
    { initialWeights: initialWeights !== undefined },
  );
  const locality = { rule, activation, noise: specials.noise, readout: specials.readout as Locality["readout"] },
    local = isLocal(locality);
  const refused = refusal({ activation, optimizer, rule, ...specials }, local);
  if (refused) return { status: "refused", ...refused, provenance: origin };
  const ofWeights = initialWeights ? identityShift(where, initialWeights, tolerance).spanned : 0;
  const { columns, rows, because } = learningDimensions({ units, ...sizes, ofWeights }, locality);
  const d = Math.min(columns, rows),
    product = columns * rows,
    cp = Math.min(product, d * snapshots);
  const first = initialWeights ? rankAbove(where, initialWeights, roundingOf(initialWeights)) : 0,
    both = (dimension: number) => Math.min(units, dimension + first);
  return {
    status: "holds",
    atMost: d,
    units,
    snapshots,
    ...(d >= units ? { vacuous: true as const } : {}),
    multilinear: [columns, rows, Math.min(snapshots, product)],
    cp,
    weights: {
      matrix: both(d),
      multilinear: [both(columns), both(rows), Math.min(snapshots, product + (first > 0 ? 1 : 0))],
      cp: cp + first,
    },
    statement: `rank(W(s) - ${weightDecay ? "g(s) " : ""}W(0)) is at most ${d} at every step s`,
    assumptions: [
      local && activation !== "identity" ? "states read out, one time constant" : "linear units, one time constant",
      `updates in the span of ${rule === gradientRule ? "gradients" : `what ${rule.name} gives`} (${optimizer.name})`,
      local ? "fixed feedback" : "no process noise",
      "all weights free",
      ...(ofWeights > 0 ? [`W(0) - c I spans ${ofWeights} dimensions at a tolerance of ${tolerance}`] : []),
      `a loss of the outputs alone, but for squared norms of parameters${weightDecay ? "" : " other than W"}`,
    ],
    because,
    provenance: origin,
  };
}

const byFeedback = ({ spread }: RuleOf): boolean => "errors" in spread && spread.errors === "feedback";

/** A count, or the rank of a matrix whose `mode` runs over units; optionally the size of its other mode. */
function dimensionOf(
  where: string,
  name: string,
  given: number | Matrix,
  units: number,
  mode: 0 | 1,
  counted = false,
): number {
  if (typeof given === "number") return Math.min(given, units);
  checkUnits(where, name, given, units, mode);
  return counted ? Math.min(given.shape[1 - mode], units) : rankAbove(where, given, roundingOf(given));
}

function checkUnits(where: string, name: string, { shape }: Matrix, units: number, mode: 0 | 1): void {
  if (shape[mode] === units) return;
  fail(where, {
    expected: `${name} ${mode === 0 ? `(${units} × any)` : `(any × ${units})`}, for ${units} units`,
    got: `(${shape.join(" × ")})`,
    fix: mode === 0 ? "Let its rows be the units." : "Let its columns be the units.",
  });
}
