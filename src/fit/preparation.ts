import { isCustom, type Loss, type Seen } from "../losses";
import { zeros, type Params, type Tensor3 } from "../tensor";

// A preparatory period: a number of bins that are simulated before the first recorded one, without a loss.

/** With 0 in so many bins before the first, such as a mask of what is observed. */
export function withPreparation(x: Tensor3, bins: number): Tensor3 {
  if (bins === 0) return x;
  const [trials, time, last] = x.shape,
    longer = zeros([trials, bins + time, last]),
    size = time * last;
  for (let k = 0; k < trials; k++)
    longer.data.set(x.data.subarray(k * size, (k + 1) * size), k * (size + bins * last) + bins * last);
  return longer;
}

/** Without so many first bins. */
export function withoutPreparation(x: Tensor3, bins: number): Tensor3 {
  if (bins === 0) return x;
  const [trials, time, last] = x.shape,
    recorded = zeros([trials, time - bins, last]),
    size = time * last;
  for (let k = 0; k < trials; k++)
    recorded.data.set(x.data.subarray(k * size + bins * last, (k + 1) * size), k * (size - bins * last));
  return recorded;
}

/** A loss that sees recorded bins only: one of entries does by its mask. */
export function lossAfterPreparation(loss: Loss, bins: number): Loss {
  if (bins === 0 || !isCustom(loss)) return loss;
  const cut = <T extends Tensor3 | undefined>(x: T) => (x ? withoutPreparation(x, bins) : undefined);
  const recorded = ({ outputs, targets, mask }: Seen): Seen => ({
    outputs: withoutPreparation(outputs, bins),
    ...(targets ? { targets: cut(targets) } : {}),
    ...(mask ? { mask: cut(mask) } : {}),
  });
  const { value } = loss;
  return {
    kind: "custom",
    name: loss.name,
    params: loss.params,
    evaluate(seen, params) {
      const { dOutputs, ...rest } = loss.evaluate(recorded(seen), params);
      return { ...rest, dOutputs: withPreparation(dOutputs, bins) };
    },
    ...(value ? { value: (seen: Seen, params: Params) => value.call(loss, recorded(seen), params) } : {}),
  };
}
