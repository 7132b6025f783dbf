import { fail, readOptions, show, type FieldsOf } from "../base";
import type { Params } from "../tensor";
import { checkTrainable, type Trainable } from "./trainable";

/** Which parameters train: all, those named, or all but those named. */
export interface TrainedParamsOptions {
  /** names of those that train; default all */
  readonly only?: readonly string[] | undefined;
  /** names of those that do not change; default none */
  readonly frozen?: readonly string[] | undefined;
}

const names = { is: "list", of: { is: "text" } } as const;
const table = { only: names, frozen: names } as const satisfies FieldsOf<TrainedParamsOptions>;

/**
 * Parameters of a model to start `train` with, by their names: those that are left out do not change.
 *
 * @throws {@link LtrnnError} for a name that the model does not have, both lists at once, or when no parameter is left
 * to train
 * @example Object.keys(trainedParams(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1), { frozen: ["x0",
 * "bias"] })) // ["w", "wIn", "readout", "readoutBias"]
 */
export function trainedParams(model: Trainable, options?: TrainedParamsOptions): Params {
  const where = "trainedParams";
  checkTrainable(where, model);
  const { only, frozen } = readOptions<TrainedParamsOptions, typeof table>(where, options, table),
    params: Params = model.params,
    known = Object.keys(params).filter((name) => params[name]);
  if (only && frozen)
    fail(where, {
      expected: "only or frozen",
      got: "both",
      fix: "Leave one of them out: each says what the other does.",
    });
  const unknown = (only ?? frozen ?? []).find((name) => !known.includes(name));
  if (unknown !== undefined)
    fail(where, {
      expected: `names of the model's parameters: ${known.join(", ")}`,
      got: show(unknown),
      fix: "Name parameters that the model has.",
    });
  const chosen = known.filter((name) => (only ? only.includes(name) : !frozen?.includes(name)));
  if (chosen.length === 0)
    fail(where, { expected: "at least one parameter that trains", got: "none", fix: "Freeze fewer of them." });
  return Object.fromEntries(chosen.map((name) => [name, params[name]]));
}
