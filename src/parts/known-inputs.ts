import type { Params, Tensor3 } from "../tensor";
import type { InputModel } from "./input-model";

/** Inputs that are known: nothing in them is learned. */
export function knownInputs(inputs: Tensor3): InputModel<Params> {
  const part = () => [inputs, (): Params => ({})] as const;
  return Object.assign(part, {
    description: { kind: "knownInputs" },
    inputs: inputs.shape[2],
    start: (): Params => ({}),
  });
}
