import { checkWhole, fail, random } from "../base";
import { checkTensor, zeros, type Matrix } from "../tensor";
import { drawShared, normalMatrix, type RandomSpec } from "./draw";
import { checkSetting, checkShared, defaultSetting, type Network, type Setting, type SharedParams } from "./network";
import { modelJson, settingOf, type ModelJson } from "./plain";
import { sumOfOuter } from "./sum-of-outer";

/** What learns in a {@link LowTensorRankRNN}. */
export type LowTensorRankParams = SharedParams & {
  /** column factor (units × rank) */
  readonly a: Matrix;
  /** row factor (units × rank) */
  readonly b: Matrix;
  /** trial factor (trials × rank) */
  readonly c: Matrix;
};

/**
 * An RNN whose recurrent weights over trials, (units × units × trials), have tensor rank at most `rank`:
 * `W^(k) = sum_r c_r(k) a_r b_r' = A diag(c(k)) B'`, never formed to run it. W carries no 1 / units.
 *
 * @throws {@link LtrnnError} when shapes disagree
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example LowTensorRankRNN.random({ units: 50, inputs: 2, rank: 3, trials: 20 }, 7).weights(4).shape // [50, 50]
 */
export class LowTensorRankRNN implements Network {
  readonly connectivity = { left: "a", right: "b", perTrial: "c" } as const;
  readonly setting: Setting;

  constructor(
    readonly params: LowTensorRankParams,
    setting: Partial<Setting> = {},
  ) {
    this.setting = { ...defaultSetting, ...setting };
    checkSetting("LowTensorRankRNN", this.setting);
    for (const name of ["a", "b", "c"] as const) checkTensor("LowTensorRankRNN", name, params[name], 2);
    const { a, b, c } = params;
    if (a.shape.join() !== b.shape.join() || c.shape[1] !== a.shape[1])
      fail("LowTensorRankRNN", {
        expected: "a, b (units × rank) and c (trials × rank) of one rank",
        got: `${[a, b, c].map((f) => f.shape.join(" × ")).join(", ")}`,
        fix: "Build all three factors with the same rank.",
      });
    checkShared("LowTensorRankRNN", a.shape[0], params);
  }

  /** Factors normal; trial factors all 1, so that learning has not begun; each a_r b_r' of Frobenius norm about `gain`. */
  static random(spec: RandomSpec & { readonly rank: number; readonly trials: number }, seed: number): LowTensorRankRNN {
    const { units, rank, trials, gain = 1 } = spec;
    for (const [name, size] of Object.entries({ units, rank, trials }))
      checkWhole("LowTensorRankRNN.random", name, size, 1);
    const std = Math.sqrt(Math.abs(gain) / units);
    const c = zeros([trials, rank]);
    c.data.fill(1);
    return new LowTensorRankRNN(
      {
        a: normalMatrix(random(seed, "a"), units, rank, std),
        b: normalMatrix(random(seed, "b"), units, rank, std),
        c,
        ...drawShared(seed, spec),
      },
      settingOf(spec),
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
      params: { a, b, c },
    } = this;
    return sumOfOuter(a, b, c.data.subarray(trial * rank, (trial + 1) * rank));
  }

  /** A copy with other parameters or another setting. */
  with(change: { params?: Partial<LowTensorRankParams> } & Partial<Setting>): LowTensorRankRNN {
    return new LowTensorRankRNN({ ...this.params, ...change.params }, { ...this.setting, ...settingOf(change) });
  }

  toJSON(): ModelJson {
    return modelJson("LowTensorRankRNN", this);
  }
}
