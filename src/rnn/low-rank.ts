import { checkWhole, fail, random } from "../base";
import { checkTensor, type Matrix } from "../tensor";
import { drawShared, normalMatrix, type RandomSpec } from "./draw";
import { checkSetting, checkShared, defaultSetting, type Network, type Setting, type SharedParams } from "./network";
import { modelJson, settingOf, type ModelJson } from "./plain";
import { sumOfOuter } from "./sum-of-outer";

/** What learns in a {@link LowRankRNN}. */
export type LowRankParams = SharedParams & {
  /** column factor (units × rank) */
  readonly m: Matrix;
  /** row factor (units × rank) */
  readonly n: Matrix;
};

/**
 * An RNN whose recurrent weights have low rank: `W = M N'`, never formed to run it. W carries no 1 / units.
 *
 * @throws {@link LtrnnError} when shapes disagree
 * @see Mastrogiuseppe & Ostojic (2018), Linking connectivity, dynamics and computations in low-rank recurrent neural networks, Neuron 99
 * @example LowRankRNN.random({ units: 50, inputs: 2, rank: 3 }, 7).rank // 3
 */
export class LowRankRNN implements Network {
  readonly connectivity = { left: "m", right: "n" } as const;
  readonly setting: Setting;

  constructor(
    readonly params: LowRankParams,
    setting: Partial<Setting> = {},
  ) {
    this.setting = { ...defaultSetting, ...setting };
    checkSetting("LowRankRNN", this.setting);
    checkTensor("LowRankRNN", "m", params.m, 2);
    checkTensor("LowRankRNN", "n", params.n, 2);
    if (params.m.shape.join() !== params.n.shape.join())
      fail("LowRankRNN", {
        expected: "m and n of one shape (units × rank)",
        got: `${params.m.shape.join(" × ")} and ${params.n.shape.join(" × ")}`,
        fix: "Give both as many rows as units and as many columns as the rank.",
      });
    checkShared("LowRankRNN", params.m.shape[0], params);
  }

  /** Factors normal, scaled so that each m_r n_r' has Frobenius norm about `gain`. */
  static random(spec: RandomSpec & { readonly rank: number }, seed: number): LowRankRNN {
    const { units, rank, gain = 1 } = spec;
    checkWhole("LowRankRNN.random", "units", units, 1);
    checkWhole("LowRankRNN.random", "rank", rank, 1);
    const std = Math.sqrt(Math.abs(gain) / units);
    return new LowRankRNN(
      {
        m: normalMatrix(random(seed, "m"), units, rank, std),
        n: normalMatrix(random(seed, "n"), units, rank, std),
        ...drawShared(seed, spec),
      },
      settingOf(spec),
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
  with(change: { params?: Partial<LowRankParams> } & Partial<Setting>): LowRankRNN {
    return new LowRankRNN({ ...this.params, ...change.params }, { ...this.setting, ...settingOf(change) });
  }

  toJSON(): ModelJson {
    return modelJson("LowRankRNN", this);
  }
}
