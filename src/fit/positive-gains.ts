import { activationOf, type Activation } from "../kernels";
import type { LowTensorRankRNN } from "../models";
import type { Tensor } from "../tensor";

/**
 * The same network without negative gains. A gain and its row of the readout can change signs together; where outputs
 * are the units themselves and the activation is odd, a gain and all parameters of its unit can.
 */
export function withPositiveGains(model: LowTensorRankRNN, phi: Activation): LowTensorRankRNN {
  const { a, b, w0, wIn, x0, bias, readout, readoutGain, filterGain } = model.params;
  if (!readoutGain || (!readout && !activationOf(phi).odd)) return model;
  const signs = readoutGain.data.map((gain) => (gain < 0 ? -1 : 1));
  if (!signs.includes(-1)) return model;
  const gains = turned(readoutGain, signs, 1);
  if (readout) return model.with({ params: { readout: turned(readout, signs, readout.shape[1]), readoutGain: gains } });
  const rows = <T extends Tensor>(x: T) => turned(x, signs, x.data.length / signs.length);
  return model.with({
    params: {
      a: rows(a),
      b: rows(b),
      wIn: rows(wIn),
      x0: turned(x0, signs, 1),
      readoutGain: gains,
      ...(w0 ? { w0: turned(rows(w0), signs, 1) } : {}),
      ...(bias ? { bias: rows(bias) } : {}),
      ...(filterGain ? { filterGain: rows(filterGain) } : {}),
    },
  });
}

/** Entries times the signs of their units, of which each has so many entries that follow each other; no -0. */
const turned = <T extends Tensor>(x: T, signs: Float64Array, run: number): T => ({
  ...x,
  data: x.data.map((value, i) => (signs[Math.floor(i / run) % signs.length] < 0 ? 0 - value : value)),
});
