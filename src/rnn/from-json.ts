import { fail } from "../base";
import { tensor } from "../tensor";
import { FullRankRNN } from "./full-rank";
import { LowRankRNN } from "./low-rank";
import { LowTensorRankRNN } from "./low-tensor-rank";
import type { ModelJson } from "./plain";

/**
 * A model from what `toJSON` gave, or from its parsed text. The parameters are the same to the last bit.
 *
 * @throws {@link LtrnnError} when it is not the JSON of a model
 * @example modelFromJson(JSON.parse(JSON.stringify(FullRankRNN.random({ units: 5, inputs: 1 }, 1)))).units // 5
 */
export function modelFromJson(json: ModelJson): FullRankRNN | LowRankRNN | LowTensorRankRNN {
  const classes = { FullRankRNN, LowRankRNN, LowTensorRankRNN } as const;
  const Model = classes[json?.kind] as unknown as new (
    params: unknown,
    setting: unknown,
  ) => FullRankRNN | LowRankRNN | LowTensorRankRNN;
  if (!Model || typeof json.params !== "object")
    fail("modelFromJson", {
      expected: `a record whose kind is one of ${Object.keys(classes).join(", ")}`,
      got: String(json?.kind),
      fix: "Hand over what model.toJSON() gave.",
    });
  return new Model(
    Object.fromEntries(Object.entries(json.params).map(([name, x]) => [name, tensor(x.shape, x.data)])),
    json.setting,
  );
}
