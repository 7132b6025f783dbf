import { fail, failingAs, isRecord, show } from "../base";
import { FullRankRNN } from "./full-rank";
import { LowRankRNN } from "./low-rank";
import { LowTensorRankRNN } from "./low-tensor-rank";
import type { ModelJson } from "./model-json";

/**
 * A model of any kind from what `toJSON` gave, or from its parsed text. The parameters are the same to the last bit.
 *
 * @throws {@link LtrnnError} when it is not the JSON of a model
 * @example modelFromJson(JSON.parse(JSON.stringify(FullRankRNN.random({ units: 5, inputs: 1 }, 1)))).units // 5
 */
export function modelFromJson(json: ModelJson): FullRankRNN | LowRankRNN | LowTensorRankRNN {
  const where = "modelFromJson";
  switch (isRecord(json) ? json.kind : undefined) {
    case "FullRankRNN":
      return failingAs(where, () => FullRankRNN.fromJSON(json));
    case "LowRankRNN":
      return failingAs(where, () => LowRankRNN.fromJSON(json));
    case "LowTensorRankRNN":
      return failingAs(where, () => LowTensorRankRNN.fromJSON(json));
  }
  return fail(where, {
    expected: "a record whose kind is FullRankRNN, LowRankRNN or LowTensorRankRNN",
    got: isRecord(json) ? `kind ${show(json.kind)}` : show(json),
    fix: "Pass what model.toJSON() gave.",
  });
}
