import { checkWhole, fail, random } from "../base";
import { checkTensor, type Matrix } from "../tensor";
import { drawShared, normalMatrix, type RandomSpec } from "./draw";
import { checkSetting, checkShared, defaultSetting, type Network, type Setting, type SharedParams } from "./network";
import { modelJson, settingOf, type ModelJson } from "./plain";

/** What learns in a {@link FullRankRNN}. */
export type FullRankParams = SharedParams & {
  /** W, recurrent weights (units × units), row = postsynaptic */
  readonly w: Matrix;
};

/**
 * An RNN with any recurrent weights: `tau dx/dt = -x + W phi(x) + W_in u + b`, `y = C phi(x) + d`.
 *
 * @throws {@link LtrnnError} when shapes disagree
 * @example FullRankRNN.random({ units: 50, inputs: 2, outputs: 1 }, 7).weights().shape // [50, 50]
 */
export class FullRankRNN implements Network {
  readonly connectivity = { left: "w" } as const;
  readonly setting: Setting;

  constructor(
    readonly params: FullRankParams,
    setting: Partial<Setting> = {},
  ) {
    this.setting = { ...defaultSetting, ...setting };
    checkSetting("FullRankRNN", this.setting);
    checkTensor("FullRankRNN", "w", params.w, 2);
    if (params.w.shape[0] !== params.w.shape[1])
      fail("FullRankRNN", {
        expected: "w to be square",
        got: params.w.shape.join(" × "),
        fix: "Row = postsynaptic unit, column = presynaptic unit.",
      });
    checkShared("FullRankRNN", params.w.shape[0], params);
  }

  /** W normal with standard deviation gain / sqrt(units); see {@link RandomSpec} for the rest. */
  static random(spec: RandomSpec, seed: number): FullRankRNN {
    checkWhole("FullRankRNN.random", "units", spec.units, 1);
    const w = normalMatrix(random(seed, "w"), spec.units, spec.units, (spec.gain ?? 1) / Math.sqrt(spec.units));
    return new FullRankRNN({ w, ...drawShared(seed, spec) }, settingOf(spec));
  }

  get units(): number {
    return this.params.w.shape[0];
  }

  weights(): Matrix {
    return this.params.w;
  }

  /** A copy with other parameters or another setting. */
  with(change: { params?: Partial<FullRankParams> } & Partial<Setting>): FullRankRNN {
    return new FullRankRNN({ ...this.params, ...change.params }, { ...this.setting, ...settingOf(change) });
  }

  toJSON(): ModelJson {
    return modelJson("FullRankRNN", this);
  }
}
