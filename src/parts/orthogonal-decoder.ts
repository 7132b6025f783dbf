import { random } from "../base";
import { zeros, type Matrix } from "../tensor";
import type { DecoderKind, DecoderMatrix } from "./decoder";
import { orthonormalized } from "./orthonormalized";

/** About the size of rates, of which outputs are to be of unit size. */
const usualRate = 0.5;

/**
 * Neurons are a readout of the rates that preserves lengths and angles, `y = g Q h + d`: Q has orthonormal columns, or
 * orthonormal rows where there are fewer neurons than units. It is the Q of a QR decomposition of a free matrix, so
 * that it stays orthonormal at every step of any optimizer; beside it stands the size that gives outputs unit variance.
 *
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the decoder of their code
 */
export const orthogonalDecoder: DecoderKind = {
  freedom: { gain: "shared", bias: "learned" },
  matrix({ neurons, units }): DecoderMatrix<{ readonly readout: Matrix }> {
    const size = Math.sqrt(Math.max(1, neurons / units)) / usualRate;
    const times = ({ shape, data }: Matrix): Matrix => {
      const out = data.slice();
      for (let i = 0; i < out.length; i++) out[i] *= size;
      return { shape, data: out };
    };
    const part = ({ readout }: { readonly readout: Matrix }) => {
      const [q, adjoint] = orthonormalized(readout);
      return [times(q), (dC: Matrix) => ({ readout: adjoint(times(dC)) })] as const;
    };
    const start = (seed: number) => {
      const stream = random(seed, "fit readout"),
        free = zeros([neurons, units]);
      for (let index = 0; index < free.data.length; index++) free.data[index] = stream.normal();
      return { readout: neurons === 0 ? free : orthonormalized(free)[0] };
    };
    return Object.assign(part, { description: { kind: "orthogonal" }, start });
  },
};
