import { checkWhole, fail, type FieldsOf, type Filled, readOptions, show } from "../base";
import { orthonormalBasis } from "../linalg";
import { FullRankRNN, hasUnitTimeConstants } from "../models";
import { noiseFields, type Batch, type Observed, type ProcessNoise } from "../run";
import { checkTensor3, finiteTensor3, concat, type Matrix, matmul, select, type Tensor, unfold } from "../tensor";
import { checkRuleOf, checkSpan, type RuleOf, type SpanOf } from "./learning-assumptions";
import type { LearningSetup } from "./learning-setup";

/** The properties of a training run that a bound depends on. */
export interface LearningRun {
  /** the optimizer given to `train` */
  readonly optimizer: SpanOf;
  /** how many snapshots of the weights are stacked */
  readonly snapshots: number;
  /** names of the parameters that train, as train is started with; default all of the model's */
  readonly trained?: readonly string[];
  /** process noise, as in the run options: with it, states leave every fixed subspace; default none */
  readonly noise?: ProcessNoise;
  /** the learning rule that updates follow in place of the gradient; default: the gradient */
  readonly rule?: RuleOf;
  /** whether W is masked or its signs are constrained; default false */
  readonly constrained?: boolean;
  /**
   * whether a plant or a head maps the outputs to what targets are compared with: a mask then applies to that, and no
   * output counts as hidden. Default: whether W_in has columns for the feedback of a plant
   */
  readonly mixed?: boolean;
  /** see {@link LearningSpecials}; default false */
  readonly weightDecay?: boolean;
  /** see {@link LearningSpecials}; default false */
  readonly penalty?: boolean;
}

const learningRun = {
  optimizer: { is: "checked", check: checkSpan, needed: true },
  snapshots: { is: "whole number", least: 1, needed: true },
  trained: { is: "list", of: { is: "text" } },
  noise: { is: "record", of: noiseFields },
  rule: { is: "checked", check: checkRuleOf },
  constrained: { is: "boolean", fallback: false },
  mixed: { is: "boolean" },
  weightDecay: { is: "boolean", fallback: false },
  penalty: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<LearningRun>;

/**
 * The setup for {@link learningRankBound}, read from a network, its task and its training: W(0), bias and initial
 * states at the start, the directions of W_in that the inputs of the batch excite, and the rows of C whose outputs are
 * observed.
 *
 * @param model - at the start of training
 * @param batch - all trials that are trained on; the inputs of a plant's feedback count as excited
 * @param run - optimizer, number of snapshots, and properties that can break an assumption
 * @throws {@link LtrnnError} when the model is not of full rank, W does not train, or the batch is of another network
 * @remarks O(units³) for the bound, O(inputs² · trials · time) for the excited directions.
 * @see docs/theory.md B1, B2
 * @example learningRankBound(learningSetupOf(FullRankRNN.random({ units: 30, inputs: 2, outputs: 1, phi: "identity",
 * gain: 0 }, 1), { inputs: tensor([1, 2, 2], [1, 0, 0, 1]), targets: zeros([1, 2, 1]) }, { optimizer: sgd(0.1),
 * snapshots: 9 })).atMost // 3
 */
export function learningSetupOf(model: FullRankRNN, batch: Batch, run: LearningRun): LearningSetup {
  const where = "learningSetupOf";
  if (!(model instanceof FullRankRNN))
    fail(where, {
      expected: "a FullRankRNN, all of whose weights train",
      got: show(model),
      fix: "The rank of a low-rank network is bounded by its factors; ask latentDimensionBound about its states.",
    });
  const { optimizer, snapshots, trained, noise, rule, constrained, mixed, weightDecay, penalty } = readOptions<
    LearningRun,
    typeof learningRun
  >(where, run, learningRun, "run");
  const unknown = trained?.find((name) => !Object.hasOwn(model.params, name));
  if (unknown !== undefined || (trained && !trained.includes("w")))
    fail(where, {
      expected: `run.trained to hold "w" and parameters of the model: ${Object.keys(model.params).join(", ")}`,
      got: unknown ?? "no w",
      fix: "Name the parameters that train is started with.",
    });
  const { params, units, setting } = model,
    { conditions, inputs, mask } = checkedBatch(where, model, batch),
    isMixed = mixed ?? inputs.shape[2] < params.wIn.shape[1];
  const rows = conditions ?? Array.from({ length: params.x0.shape[0] }, (_, row) => row);
  return {
    units,
    inputs: excited(params.wIn, inputs),
    outputs: params.readout ? (observed(params.readout, isMixed ? undefined : mask) as Matrix) : units,
    initial: {
      weights: params.w,
      states: select(params.x0, 0, [...new Set(rows)]),
      bias: params.bias?.data.some((b) => b !== 0) ?? false,
    },
    snapshots,
    activation: setting.phi,
    optimizer,
    training: {
      noise: noise !== undefined && noise.sigma > 0,
      constrained,
      unitTimeConstants: hasUnitTimeConstants(setting),
      weightDecay,
      penalty,
      ...(rule ? { rule } : {}),
      readout: { reads: setting.reads, trains: params.readout !== undefined && (trained?.includes("readout") ?? true) },
    },
  };
}

/** The batch of a network, as far as a bound depends on it. */
function checkedBatch(
  where: string,
  { params }: FullRankRNN,
  given: Batch,
): Filled<LearningBatch, typeof learningBatch> {
  const batch = readOptions<LearningBatch, typeof learningBatch>(where, given, learningBatch, "batch");
  const external = batch.inputs.shape[2],
    all = params.wIn.shape[1],
    rows = params.x0.shape[0];
  if (external > all)
    fail(where, {
      expected: `at most ${all} inputs, the columns of wIn`,
      got: String(external),
      fix: "Pass the batch of this network.",
    });
  (batch.conditions ?? []).forEach((row, trial) => {
    checkWhole(where, `batch.conditions[${trial}]`, row, 0, rows - 1);
  });
  return batch;
}

/** States of a filter are corrected by observations, which lie in no fixed subspace: such a batch is refused. */
type LearningBatch = Omit<Batch, keyof Observed>;

const learningBatch = {
  inputs: { is: "checked", check: finiteTensor3, needed: true },
  targets: { is: "checked", check: checkTensor3 },
  mask: { is: "checked", check: checkTensor3 },
  validation: { is: "checked", check: checkTensor3 },
  trials: { is: "list", of: { is: "whole number", least: 0 } },
  conditions: { is: "list", of: { is: "whole number", least: 0 } },
} as const satisfies FieldsOf<LearningBatch>;

/**
 * W_in restricted to the directions in which inputs vary over trials and time; columns that get feedback of a plant
 * count completely.
 */
function excited(wIn: Matrix, inputs: Tensor): Matrix {
  const external = inputs.shape[2],
    all = wIn.shape[1];
  const indices = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const driven = matmul(select(wIn, 1, indices(0, external)), orthonormalBasis(unfold(inputs, 2)));
  return concat([driven, select(wIn, 1, indices(external, all))], 1);
}

/** The rows of C whose outputs are observed somewhere; with a mask of another size, which is on something else, all. */
function observed(readout: Matrix, mask: Tensor | undefined): Tensor {
  const [outputs] = readout.shape;
  if (!mask || mask.shape[2] !== outputs) return readout;
  const seen = new Set<number>();
  for (let i = 0; i < mask.data.length && seen.size < outputs; i++) if (mask.data[i] !== 0) seen.add(i % outputs);
  return select(
    readout,
    0,
    [...seen].sort((p, q) => p - q),
  );
}
