import { random } from "../base";
import { zeros, type Matrix, type Tensor3, type Vector } from "../tensor";
import type { Decoder } from "./decoder";
import type { Spread } from "./spread";

/**
 * Neurons are a linear readout of the rates, with a bias. The network is fitted to neurons less their training means,
 * over one standard deviation pooled over neurons, so that learning rates have no unit and errors keep their
 * proportion. The way back is in the readout: `C -> scale C`, `d -> scale d + means`.
 */
export function linearDecoder(activity: Tensor3, { means, deviation }: Spread, units: number): Decoder {
  const scale = deviation || 1,
    neurons = means.length;
  return {
    description: { kind: "linear" },
    scale,
    activity: { shape: activity.shape, data: activity.data.map((x, index) => (x - means[index % neurons]) / scale) },
    start(seed) {
      const stream = random(seed, "fit readout"),
        readout = zeros([neurons, units]);
      for (let index = 0; index < readout.data.length; index++)
        readout.data[index] = (1 / Math.sqrt(units)) * stream.normal();
      return { readout, readoutBias: zeros([neurons]) };
    },
    inUnits: (outputs) => ({
      shape: outputs.shape,
      data: outputs.data.map((y, index) => scale * y + means[index % neurons]),
    }),
    modelInUnits(model) {
      const { readout, readoutBias } = model.params as { readonly readout: Matrix; readonly readoutBias: Vector };
      return model.with({
        params: {
          readout: { shape: readout.shape, data: readout.data.map((c) => scale * c) },
          readoutBias: { shape: [neurons], data: means.map((mean, i) => scale * readoutBias.data[i] + mean) },
        },
      });
    },
  };
}
