import { headLoss, type Head, type CustomLoss, type Seen } from "../losses";
import type { Params } from "../tensor";
import type { Decoder } from "./decoder";

/**
 * The head and the custom loss as one loss on the network's outputs, which are in the decoder's unit; undefined where
 * there is neither.
 */
export function customLoss(
  head: Head | undefined,
  loss: CustomLoss | undefined,
  { scale, inUnits }: Decoder,
): CustomLoss | undefined {
  if (head) return headLoss(head, loss); // before a head nothing is standardized
  if (!loss) return undefined;
  const through = (seen: Seen): Seen => ({ ...seen, outputs: inUnits(seen.outputs) });
  const { value } = loss;
  return {
    kind: "custom",
    name: loss.name,
    params: loss.params,
    evaluate(seen, params) {
      const { dOutputs: d, ...rest } = loss.evaluate(through(seen), params);
      return { ...rest, dOutputs: { shape: d.shape, data: d.data.map((x) => scale * x) } };
    },
    ...(value ? { value: (seen: Seen, params: Params) => value.call(loss, through(seen), params) } : {}),
  };
}
