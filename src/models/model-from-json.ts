import { fail, failingAs, isRecord, show } from "../base";
import { FullRankRNN } from "./full-rank";
import { LowRankRNN } from "./low-rank";
import { LowTensorRankRNN } from "./low-tensor-rank";
import type { ModelJson } from "./model-json";
import type { ModelFunctions } from "./setting-json";

/**
 * A model of any kind from what `toJSON` gave, or from its parsed text. The parameters are the same to the last bit.
 *
 * @param functions - what JSON does not hold: `{ phi }`, the custom activation of a model that has one
 * @throws {@link LtrnnError} when it is not the JSON of a model, or the custom activation that it names is not given
 * @example modelFromJson(JSON.parse(JSON.stringify(FullRankRNN.random({ units: 5, inputs: 1 }, 1)))).units // 5
 */
export function modelFromJson(
  json: ModelJson,
  functions?: ModelFunctions,
): FullRankRNN | LowRankRNN | LowTensorRankRNN {
  const where = "modelFromJson";
  switch (isRecord(json) ? json.kind : undefined) {
    case "FullRankRNN":
      return failingAs(where, () => FullRankRNN.fromJSON(json, functions));
    case "LowRankRNN":
      return failingAs(where, () => LowRankRNN.fromJSON(json, functions));
    case "LowTensorRankRNN":
      return failingAs(where, () => LowTensorRankRNN.fromJSON(json, functions));
  }
  return fail(where, {
    expected: "a record whose kind is FullRankRNN, LowRankRNN or LowTensorRankRNN",
    got: isRecord(json) ? `kind ${show(json.kind)}` : show(json),
    fix: "Pass what model.toJSON() gave.",
  });
}
