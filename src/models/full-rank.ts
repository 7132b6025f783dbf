import { fail, failingAs, show, type FieldsOf } from "../base";
import type { Matrix } from "../tensor";
import { checkSharedSizes, matrixField, readParams, sharedFields } from "./check-params";
import { changed } from "./changed";
import { drawWeights, fullRankField, type FullRankInitialization } from "./initialization";
import { modelJson, partsOfJson, type ModelJson } from "./model-json";
import type { Change, Network, Setting, SharedParams, Some } from "./network";
import { drawModel, specFields, type RandomSpec } from "./random-spec";
import { readSetting } from "./setting";
import type { ModelFunctions } from "./setting-json";

/** The parameters of a {@link FullRankRNN}. */
export type FullRankParams = SharedParams & {
  /** W, recurrent weights (units × units), row = postsynaptic */
  readonly w: Matrix;
};

/** What {@link FullRankRNN.random} takes. */
export interface FullRankSpec extends Omit<RandomSpec, "initialization"> {
  /** how W starts; default "random" */
  readonly initialization?: FullRankInitialization | undefined;
}

/** Refuse what is no {@link FullRankRNN}. */
export function checkFullRank(where: string, model: unknown): asserts model is FullRankRNN {
  if (model instanceof FullRankRNN) return;
  fail(where, {
    expected: "model to be a FullRankRNN",
    got: show(model),
    fix: "Pass a network whose weights are any matrix: new FullRankRNN({ ...params, w }).",
  });
}

const paramFields = () => ({ w: matrixField, ...sharedFields }) as const satisfies FieldsOf<FullRankParams>;

/**
 * An RNN with any recurrent weights: `tau dx/dt = -x + W phi(x) + W_in u + b`, `y = C phi(x) + d`.
 *
 * @throws {@link LtrnnError} when shapes disagree
 * @example FullRankRNN.random({ units: 50, inputs: 2, outputs: 1 }, 7).weights().shape // [50, 50]
 */
export class FullRankRNN implements Network {
  readonly connectivity = { left: "w" } as const;
  readonly setting: Setting;

  readonly params: FullRankParams;

  constructor(params: FullRankParams, setting?: Some<Setting>) {
    const where = "FullRankRNN";
    this.params = readParams(where, params, paramFields());
    const [rows, columns] = this.params.w.shape;
    if (rows !== columns)
      fail(where, {
        expected: "w to be square",
        got: `${rows} × ${columns}`,
        fix: "Row = postsynaptic unit, column = presynaptic unit.",
      });
    checkSharedSizes(where, rows, this.params);
    this.setting = readSetting(where, setting, rows);
  }

  /**
   * W by its {@link FullRankInitialization}, by default normal with standard deviation gain / sqrt(units); see
   * {@link RandomSpec} for the rest.
   */
  static random(spec: FullRankSpec, seed: number): FullRankRNN {
    const where = "FullRankRNN.random";
    return failingAs(
      where,
      () =>
        new FullRankRNN(
          ...drawModel(where, spec, { ...specFields(), initialization: fullRankField }, seed, (drawn) => ({
            w: drawWeights(seed, drawn),
          })),
        ),
    );
  }

  get units(): number {
    return this.params.w.shape[0];
  }

  weights(): Matrix {
    return this.params.w;
  }

  /** A copy with other parameters or another setting. */
  with(change: Change<FullRankParams>): FullRankRNN {
    const where = "FullRankRNN.with";
    return failingAs(where, () => new FullRankRNN(...changed(where, this, change)));
  }

  toJSON(): ModelJson {
    return modelJson("FullRankRNN", this);
  }

  /** The model that {@link toJSON} gave, to the last bit; a custom activation is given again in `functions`. */
  static fromJSON(json: ModelJson, functions?: ModelFunctions): FullRankRNN {
    const where = "FullRankRNN.fromJSON";
    return failingAs(where, () => {
      const { params, setting } = partsOfJson(where, json, "FullRankRNN", functions);
      return new FullRankRNN(params as FullRankParams, setting);
    });
  }
}
