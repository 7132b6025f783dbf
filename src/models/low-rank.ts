import { fail, failingAs, random, type FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import { checkSharedSizes, matrixField, readParams, sharedFields } from "./check-params";
import { changed } from "./changed";
import { modelJson, partsOfJson, type ModelJson } from "./model-json";
import type { Change, Network, Setting, SharedParams, Some } from "./network";
import { drawModel, normalMatrix, sizeField, specFields, type RandomSpec } from "./random-spec";
import { readSetting } from "./setting";
import type { ModelFunctions } from "./setting-json";
import { sumOfOuter } from "./sum-of-outer";

/** What learns in a {@link LowRankRNN}. */
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

  /** Factors normal, scaled so that each m_r n_r' has Frobenius norm about `gain`. */
  static random(spec: RandomSpec & { readonly rank: number }, seed: number): LowRankRNN {
    const fields = { ...specFields(), rank: sizeField };
    const where = "LowRankRNN.random";
    return failingAs(
      where,
      () =>
        new LowRankRNN(
          ...drawModel(where, spec, fields, seed, ({ units, rank, gain }) => {
            const std = Math.sqrt(Math.abs(gain) / units);
            return {
              m: normalMatrix(random(seed, "m"), units, rank, std),
              n: normalMatrix(random(seed, "n"), units, rank, std),
            };
          }),
        ),
    );
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
