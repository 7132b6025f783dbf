import { fail } from "../base";
import { headLoss, type Head, type OwnLoss, type Seen } from "../rnn";
import type { Params } from "../tensor";
import type { FreeParams } from "./free-params";
import type { Standard } from "./standardize";

/** The head and the loss of one's own as one loss on the network's outputs, which are in standard units; undefined where there is neither. */
export function fitLoss(
  head: Head | undefined,
  loss: OwnLoss | undefined,
  { scale, inUnits }: Standard,
): OwnLoss | undefined {
  const own = head ? headLoss(head, loss) : loss;
  if (!own || head) return own; // before a head nothing is standardized
  const through = (seen: Seen): Seen => ({ ...seen, outputs: inUnits(seen.outputs) });
  return {
    kind: "own",
    name: own.name,
    params: own.params,
    evaluate(seen, params) {
      const { dOutputs: d, ...rest } = own.evaluate(through(seen), params);
      return { ...rest, dOutputs: { shape: d.shape, data: d.data.map((x) => scale * x) } };
    },
    ...(own.value ? { value: (seen: Seen, params: Params) => own.value!(through(seen), params) } : {}),
  };
}

/** Free parameters beside those of the head and the loss. */
export function withOwn(free: FreeParams, own: Params = {}): FreeParams & Params {
  const twice = Object.keys(own).find((name) => (free as Params)[name]);
  if (twice !== undefined)
    fail("fitLowTensorRank", {
      expected: `parameters of the loss or head by names other than ${Object.keys(free).join(", ")}`,
      got: twice,
      fix: "Rename it.",
    });
  return { ...free, ...own };
}
