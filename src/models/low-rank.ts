import { checkWhole, fail, failingAs, type FieldsOf } from "../base";
import { firstColumns, svd } from "../linalg";
import type { Matrix } from "../tensor";
import { checkSharedSizes, matrixField, readParams, sharedFields } from "./check-params";
import { changed } from "./changed";
import { checkFullRank, type FullRankRNN } from "./full-rank";
import { drawFactors } from "./initialization";
import { modelJson, partsOfJson, type ModelJson } from "./model-json";
import type { Change, Network, Setting, SharedParams, Some } from "./network";
import { drawModel, sizeField, specFields, type RandomSpec } from "./random-spec";
import { readSetting } from "./setting";
import type { ModelFunctions } from "./setting-json";
import { sumOfOuter } from "./sum-of-outer";

/** The parameters of a {@link LowRankRNN}. */
export type LowRankParams = SharedParams & {
  /** column factor (units × rank) */
  readonly m: Matrix;
  /** row factor (units × rank) */
  readonly n: Matrix;
};

const paramFields = () =>
  ({ m: matrixField, n: matrixField, ...sharedFields }) as const satisfies FieldsOf<LowRankParams>;

/**
 * An RNN whose recurrent weights have low rank: `W = M N'`, never formed to run it. Unlike in the
 * literature on low-rank RNNs, W has no factor 1 / units.
 *
 * @throws {@link LtrnnError} when shapes disagree
 * @see Mastrogiuseppe & Ostojic (2018), Linking connectivity, dynamics and computations in low-rank recurrent neural
 * networks, Neuron 99
 * @example LowRankRNN.random({ units: 50, inputs: 2, rank: 3 }, 7).rank // 3
 */
export class LowRankRNN implements Network {
  readonly connectivity = { left: "m", right: "n" } as const;
  readonly setting: Setting;

  readonly params: LowRankParams;

  constructor(params: LowRankParams, setting?: Some<Setting>) {
    const where = "LowRankRNN";
    this.params = readParams(where, params, paramFields());
    const { m, n } = this.params;
    if (m.shape.join() !== n.shape.join() || m.shape[1] < 1)
      fail(where, {
        expected: "m and n of one shape (units × rank), with a rank of at least 1",
        got: `${m.shape.join(" × ")} and ${n.shape.join(" × ")}`,
        fix: "Give both as many rows as units and as many columns as the rank.",
      });
    checkSharedSizes(where, m.shape[0], this.params);
    this.setting = readSetting(where, setting, m.shape[0]);
  }

  /**
   * Factors by their {@link Initialization}, by default normal, so that each m_r n_r' has Frobenius norm about `gain`.
   */
  static random(spec: RandomSpec & { readonly rank: number }, seed: number): LowRankRNN {
    const fields = { ...specFields(), rank: sizeField };
    const where = "LowRankRNN.random";
    return failingAs(
      where,
      () =>
        new LowRankRNN(
          ...drawModel(where, spec, fields, seed, (drawn) => {
            const { left, right } = drawFactors(seed, ["m", "n"], drawn);
            return { m: left, n: right };
          }),
        ),
    );
  }

  /**
   * The network whose W is nearest to that of another among all of a rank: the leading part of its singular value
   * decomposition `U S V'`, with `M = U sqrt(S)` and `N = V sqrt(S)`. All else is as it was.
   *
   * @throws {@link LtrnnError} when the model is not of full rank, or has fewer units than the rank
   * @remarks O(units³). `trialLosses` shows how much the truncation raises the loss on a task.
   * @see Eckart & Young (1936), The approximation of one matrix by another of lower rank, Psychometrika 1
   * @example LowRankRNN.fromFullRank(FullRankRNN.random({ units: 9, inputs: 1 }, 1), 2).rank // 2
   */
  static fromFullRank(model: FullRankRNN, rank: number): LowRankRNN {
    const where = "LowRankRNN.fromFullRank";
    checkFullRank(where, model);
    checkWhole(where, "rank", rank, 1, model.units);
    return failingAs(where, () => {
      const { u, singularValues, v } = svd(model.weights()),
        roots = singularValues.slice(0, rank).map(Math.sqrt);
      const scaled = (x: Matrix): Matrix => {
        const leading = firstColumns(x, rank);
        return { shape: leading.shape, data: leading.data.map((value, i) => value * roots[i % rank]) };
      };
      const { w: _, ...shared } = model.params;
      return new LowRankRNN({ ...shared, m: scaled(u), n: scaled(v) }, model.setting);
    });
  }

  get units(): number {
    return this.params.m.shape[0];
  }

  get rank(): number {
    return this.params.m.shape[1];
  }

  weights(): Matrix {
    return sumOfOuter(this.params.m, this.params.n);
  }

  /** A copy with other parameters or another setting. */
  with(change: Change<LowRankParams>): LowRankRNN {
    const where = "LowRankRNN.with";
    return failingAs(where, () => new LowRankRNN(...changed(where, this, change)));
  }

  toJSON(): ModelJson {
    return modelJson("LowRankRNN", this);
  }

  /** The model that {@link toJSON} gave, to the last bit; a custom activation is given again in `functions`. */
  static fromJSON(json: ModelJson, functions?: ModelFunctions): LowRankRNN {
    const where = "LowRankRNN.fromJSON";
    return failingAs(where, () => {
      const { params, setting } = partsOfJson(where, json, "LowRankRNN", functions);
      return new LowRankRNN(params as LowRankParams, setting);
    });
  }
}
