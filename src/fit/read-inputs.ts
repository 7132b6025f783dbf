import { checksum, fail } from "../base";
import type { LowTensorRankRNN } from "../models";
import { inputsSideBySide, knownInputs, type InputModel } from "../parts";
import { checkFinite, checkSameShape, type Tensor3 } from "../tensor";
import type { InputSetting } from "./input-setting";
import { isTensorLike, readLearned, type InputsOption } from "./inputs-option";
import { learnedInputs } from "./learned-inputs";
import { standardizeInputs } from "./standardize-inputs";

/** A model of inputs, with what brings known inputs back to their units. */
export interface FitInputs {
  readonly model: InputModel;
  /** of its parameters */
  readonly names: readonly string[];
  /** of each input, the unit that it is fitted in */
  readonly scales: Float64Array;
  /** known inputs as they were given, with the place of the first of them */
  readonly known: readonly { readonly first: number; readonly inputs: Tensor3 }[];
  /** the model as plain data, known inputs by their checksum */
  readonly description: Readonly<Record<string, unknown>>;
  /** the option that makes it again: without known inputs, which are data */
  readonly option: unknown;
}

/** The option `inputs` as a model of them; several stand side by side. */
export function readInputs(
  where: string,
  given: InputsOption | readonly InputsOption[],
  setting: InputSetting,
): FitInputs {
  if (!Array.isArray(given)) return readOne(where, "inputs", given as InputsOption, setting);
  const each = (given as readonly InputsOption[]).map((one, i) => readOne(where, `inputs[${i}]`, one, setting)),
    model = inputsSideBySide(
      each.map((one) => one.model),
      each.map((_, i) => `inputs[${i}].`),
    ),
    firsts = each.map((_, i) => each.slice(0, i).reduce((sum, one) => sum + one.model.inputs, 0));
  return {
    model,
    names: Object.keys(model.start(0)),
    scales: Float64Array.from(each.flatMap(({ scales }) => [...scales])),
    known: each.flatMap(({ known }, i) => known.map(({ inputs }) => ({ first: firsts[i], inputs }))),
    description: { kind: "inputsSideBySide", parts: each.map(({ description }) => description) },
    option: each.map(({ option }) => option ?? null),
  };
}

function readOne(where: string, name: string, given: InputsOption, setting: InputSetting): FitInputs {
  if (typeof given === "function") return ofModel(checkedModel(where, name, given, setting), given.description);
  if (isTensorLike(given)) return knownOf(where, name, given, setting);
  if (typeof given === "number")
    return { ...readOne(where, name, { count: given }, setting), description: plainDescription(given), option: given };
  const { model, option } = learnedInputs(where, name, readLearned(where, name, given), setting);
  return ofModel(model, { kind: "learnedInputs", ...option }, option);
}

const plainDescription = (inputs: number) => ({ kind: "conditionInputs", inputs });

const ofModel = (
  model: InputModel,
  description: FitInputs["description"],
  option: unknown = description,
): FitInputs => ({
  model,
  names: Object.keys(model.start(0)),
  scales: new Float64Array(model.inputs).fill(1),
  known: [],
  description,
  option,
});

function checkedModel(where: string, name: string, model: InputModel, setting: InputSetting): InputModel {
  const [value] = model(model.start(0));
  checkSameShape(where, `what the model of ${name} makes`, value, [...shapeOf(setting), model.inputs]);
  return model;
}

const shapeOf = ({ conditions, time, preparation }: InputSetting) =>
  [conditions.rows.length, preparation + time] as const;

function knownOf(where: string, name: string, inputs: Tensor3, setting: InputSetting): FitInputs {
  const [trials, bins] = shapeOf(setting),
    { preparation, time } = setting;
  if (inputs.shape[0] !== trials || inputs.shape[1] !== bins)
    fail(where, {
      expected:
        `${name} (${trials} × ${bins} × ` +
        `inputs)${preparation > 0 ? `, of ${preparation} bins of preparation and ${time} recorded ones` : ""}`,
      got: `(${inputs.shape.join(" × ")})`,
      fix: "Give each trial its inputs, or a number of inputs to learn.",
    });
  checkFinite(where, name, inputs);
  const standard = standardizeInputs(where, inputs);
  return {
    model: knownInputs(standard.inputs),
    names: [],
    scales: standard.scales,
    known: [{ first: 0, inputs }],
    description: { kind: "knownInputs", entries: checksum(inputs.data) },
    option: undefined,
  };
}

/** What drove the trials, with known inputs as they were given. */
export function inputsInUnits({ known, model }: FitInputs, drive: Tensor3): Tensor3 {
  if (known.length === 0) return drive;
  const data = drive.data.slice(),
    count = model.inputs;
  for (const { first, inputs } of known) {
    const own = inputs.shape[2];
    for (let index = 0; index < inputs.data.length; index++)
      data[Math.floor(index / own) * count + first + (index % own)] = inputs.data[index];
  }
  return { shape: drive.shape, data };
}

/** The same network for known inputs in their own units. */
export function modelForInputs({ known, scales }: FitInputs, model: LowTensorRankRNN): LowTensorRankRNN {
  if (known.length === 0) return model;
  const { wIn } = model.params,
    data = wIn.data.map((w, index) => w / scales[index % scales.length]);
  return model.with({ params: { wIn: { shape: wIn.shape, data } } });
}
