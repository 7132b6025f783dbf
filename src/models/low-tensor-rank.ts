import { checkWhole, fail, failingAs, readOptions, type FieldsOf } from "../base";
import { checkSameShape, zeros, type Matrix } from "../tensor";
import { checkSharedSizes, matrixField, optionalMatrixField, readParams, sharedFields } from "./check-params";
import { changed } from "./changed";
import { factorsOfCp, type CpOfWeights } from "./factors-of-cp";
import { checkFullRank, type FullRankRNN } from "./full-rank";
import { drawFactors } from "./initialization";
import { modelJson, partsOfJson, type ModelJson } from "./model-json";
import type { Change, Network, Setting, SharedParams, Some } from "./network";
import { drawModel, sizeField, specFields, type RandomSpec } from "./random-spec";
import { readSetting } from "./setting";
import type { ModelFunctions } from "./setting-json";
import { sumOfOuter } from "./sum-of-outer";

/** The parameters of a {@link LowTensorRankRNN}: its factors, and the {@link SharedParams} of every network. */
export type LowTensorRankParams = SharedParams & {
  /** column factor (units × rank) */
  readonly a: Matrix;
  /** row factor (units × rank) */
  readonly b: Matrix;
  /** trial factor (trials × rank) */
  readonly c: Matrix;
  /** W_0 (units × units), weights that are the same in all trials; absent: none */
  readonly w0?: Matrix | undefined;
};

/** What {@link LowTensorRankRNN.fromCp} is given a decomposition of. */
export interface FromCpOptions {
  /** what the decomposition is of; default "weights" */
  readonly of?: "weights" | "changes" | undefined;
}

const fromCpTable = {
  of: { is: "name", of: ["weights", "changes"], fallback: "weights" },
} as const satisfies FieldsOf<FromCpOptions>;

const paramFields = () =>
  ({
    a: matrixField,
    b: matrixField,
    c: matrixField,
    w0: optionalMatrixField,
    ...sharedFields,
  }) as const satisfies FieldsOf<LowTensorRankParams>;

/**
 * An RNN whose recurrent weights change over trials by a tensor (units × units × trials) of rank at most `rank`:
 * `tau dx/dt = -x + W^(k) phi(x) + W_in u + b` with `W^(k) = W_0 + A diag(c(k)) B' = W_0 + sum_r c_r(k) a_r b_r'`,
 * never formed to run it; W_0, which does not change, is 0 where it is absent. Unlike in the literature on low-rank
 * RNNs, W has no factor 1 / units.
 *
 * @throws {@link LtrnnError} when shapes disagree
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example LowTensorRankRNN.random({ units: 50, inputs: 2, rank: 3, trials: 20 }, 7).weights(4).shape // [50, 50]
 */
export class LowTensorRankRNN implements Network {
  readonly connectivity = { left: "a", right: "b", perTrial: "c", static: "w0" } as const;
  readonly setting: Setting;

  readonly params: LowTensorRankParams;

  constructor(params: LowTensorRankParams, setting?: Some<Setting>) {
    const where = "LowTensorRankRNN";
    this.params = readParams(where, params, paramFields());
    const { a, b, c, w0 } = this.params;
    if (a.shape.join() !== b.shape.join() || c.shape[1] !== a.shape[1] || a.shape[1] < 1 || c.shape[0] < 1)
      fail(where, {
        expected: "a, b (units × rank) and c (trials × rank) of one rank, with at least one trial",
        got: `${[a, b, c].map((f) => f.shape.join(" × ")).join(", ")}`,
        fix: "Build all three factors with the same rank.",
      });
    if (w0) checkSameShape(where, "w0", w0, [a.shape[0], a.shape[0]]);
    checkSharedSizes(where, a.shape[0], this.params);
    this.setting = readSetting(where, setting, a.shape[0]);
  }

  /**
   * Factors by their {@link Initialization}, by default normal, so that each a_r b_r' has Frobenius norm about `gain`;
   * trial factors all 1: learning has not begun.
   */
  static random(spec: RandomSpec & { readonly rank: number; readonly trials: number }, seed: number): LowTensorRankRNN {
    const fields = { ...specFields(), rank: sizeField, trials: sizeField };
    const where = "LowTensorRankRNN.random";
    return failingAs(
      where,
      () =>
        new LowTensorRankRNN(
          ...drawModel(where, spec, fields, seed, (drawn) => {
            const { left, right } = drawFactors(seed, ["a", "b"], drawn),
              c = zeros([drawn.trials, drawn.rank]);
            c.data.fill(1);
            return { a: left, b: right, c };
          }),
        ),
    );
  }

  /**
   * The network whose weights over trials are a CP decomposition of another's over learning, as `recordWeights` and
   * `cpAls` find it: `W^(k) = sum_r lambda_r c_r(k) a_r b_r'`, or that added to W(0) where changes were decomposed. All
   * else is as it was. The weight of every component goes into its trial factor.
   *
   * @param model - as it was before it learned
   * @param cp - of weights (units × units × trials), or of their changes; it may hold more
   * @param options.of - "weights", or "changes", to which the model's own W(0) is added as `w0`; default "weights"
   * @throws {@link LtrnnError} when the model is not of full rank, or the decomposition is of another network
   * @remarks `trialLosses` gives the loss of every trial's weights on a task, for comparison with those of the run.
   * @example LowTensorRankRNN.fromCp(FullRankRNN.random({ units: 2, inputs: 1 }, 1), { weights: tensor([1], [2]),
   * factors: [tensor([2, 1], [1, 2]), tensor([2, 1], [3, 4]), tensor([3, 1], [0, 1, 2])] },
   * { of: "changes" }).trials // 3
   */
  static fromCp(model: FullRankRNN, cp: CpOfWeights, options?: FromCpOptions): LowTensorRankRNN {
    const where = "LowTensorRankRNN.fromCp";
    checkFullRank(where, model);
    const { of } = readOptions<FromCpOptions, typeof fromCpTable>(where, options, fromCpTable),
      factors = factorsOfCp(where, cp, model.units),
      { w, ...shared } = model.params;
    return failingAs(
      where,
      () => new LowTensorRankRNN({ ...shared, ...factors, ...(of === "changes" ? { w0: w } : {}) }, model.setting),
    );
  }

  get units(): number {
    return this.params.a.shape[0];
  }

  get rank(): number {
    return this.params.a.shape[1];
  }

  get trials(): number {
    return this.params.c.shape[0];
  }

  weights(trial = 0): Matrix {
    checkWhole("LowTensorRankRNN.weights", "trial", trial, 0, this.trials - 1);
    const {
      rank,
      params: { a, b, c, w0 },
    } = this;
    const changing = sumOfOuter(a, b, c.data.subarray(trial * rank, (trial + 1) * rank));
    return w0 ? { shape: changing.shape, data: changing.data.map((w, index) => w + w0.data[index]) } : changing;
  }

  /** A copy with other parameters or another setting. */
  with(change: Change<LowTensorRankParams>): LowTensorRankRNN {
    const where = "LowTensorRankRNN.with";
    return failingAs(where, () => new LowTensorRankRNN(...changed(where, this, change)));
  }

  toJSON(): ModelJson {
    return modelJson("LowTensorRankRNN", this);
  }

  /** The model that {@link toJSON} gave, to the last bit; a custom activation is given again in `functions`. */
  static fromJSON(json: ModelJson, functions?: ModelFunctions): LowTensorRankRNN {
    const where = "LowTensorRankRNN.fromJSON";
    return failingAs(where, () => {
      const { params, setting } = partsOfJson(where, json, "LowTensorRankRNN", functions);
      return new LowTensorRankRNN(params as LowTensorRankParams, setting);
    });
  }
}
