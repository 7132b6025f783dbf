import { random } from "../base";
import { zeros, type Matrix } from "../tensor";
import type { DecoderKind, DecoderMatrix } from "./decoder";

/**
 * Neurons are any linear readout of the rates, `y = C h + d`: C is random at the start, with outputs of the size of
 * rates.
 */
export const linearDecoder: DecoderKind = {
  freedom: { gain: "fixed", bias: "learned" },
  matrix({ neurons, units }): DecoderMatrix<{ readonly readout: Matrix }> {
    const part = ({ readout }: { readonly readout: Matrix }) =>
      [readout, (dReadout: Matrix) => ({ readout: dReadout })] as const;
    const start = (seed: number) => {
      const stream = random(seed, "fit readout"),
        readout = zeros([neurons, units]);
      for (let index = 0; index < readout.data.length; index++)
        readout.data[index] = (1 / Math.sqrt(units)) * stream.normal();
      return { readout };
    };
    return Object.assign(part, { description: { kind: "linear" }, start });
  },
};
