import { fail, failingAs, provenance, type Provenance, readOptions } from "../base";
import type { Network } from "../models";
import { checkFinite, gram, lengthOf, type Matrix, matmul, transpose, zeros } from "../tensor";
import { type AtOptions, atFields, checkTrial, dynamicsOf } from "./dynamics";

/** Which trial's weights. */
export type OverlapsOptions = Pick<AtOptions, "trial">;

/** Inner products of the vectors of a low-rank network, `W = M N'`. Plain data. */
export interface Overlaps {
  /** N' M (rank × rank): its eigenvalues are those of W that are not 0 */
  readonly recurrent: Matrix;
  /** N' W_in (rank × inputs): how inputs drive the latent variables */
  readonly input: Matrix;
  /**
   * C M (outputs × rank): how latent variables are read out, with the gains of outputs; without a readout (0 × rank)
   */
  readonly readout: Matrix;
  /** C W_in (outputs × inputs): how inputs are read out directly, without the recurrence */
  readonly direct: Matrix;
  /** names of the rows of `products` and `cosines`: "m 0", "n 0", "input 0", "readout 0", "bias" */
  readonly vectors: readonly string[];
  /** all inner products (vectors × vectors) */
  readonly products: Matrix;
  /** the products divided by both lengths; 0 where one vector is 0 */
  readonly cosines: Matrix;
  readonly provenance: Provenance;
}

/**
 * Overlaps of a low-rank network's vectors with each other, with its inputs and with its readout. In large random
 * networks its latent dynamics depend on these alone. For a network of low tensor rank, M is A diag(c(k)) and N is B.
 *
 * @throws {@link LtrnnError} when the network has full rank or a static part, or there is no such trial
 * @remarks O(units · vectors²).
 * @see Mastrogiuseppe & Ostojic (2018), Linking connectivity, dynamics and computations in low-rank recurrent neural
 * networks, Neuron 99
 * @example overlaps(LowRankRNN.random({ units: 50, inputs: 2, outputs: 1, rank: 3 }, 1)).input.shape // [3, 2]
 */
export function overlaps(model: Network, options?: OverlapsOptions): Overlaps {
  const where = "overlaps";
  const { trial } = readOptions<OverlapsOptions, Pick<typeof atFields, "trial">>(where, options, {
    trial: atFields.trial,
  });
  return failingAs(where, () => {
    const { factors, units } = dynamicsOf(where, model, undefined);
    checkTrial(where, model, trial);
    if (!factors || factors.own < factors.left.shape[1]) return refuseRank(where);
    const { left, right: n, scales } = factors,
      rank = left.shape[1],
      row = scales.shape[0] === 1 ? 0 : trial * rank,
      { wIn, readout, readoutGain, bias } = model.params;
    const m: Matrix = { shape: left.shape, data: left.data.map((x, i) => x * scales.data[row + (i % rank)]) },
      c: Matrix = readout
        ? {
            shape: readout.shape,
            data: readout.data.map((x, entry) => x * (readoutGain?.data[Math.floor(entry / units)] ?? 1)),
          }
        : zeros([0, units]);
    const parts = [
      { name: "m", vectors: m },
      { name: "n", vectors: n },
      { name: "input", vectors: wIn },
      { name: "readout", vectors: transpose(c) },
      { name: "bias", vectors: { shape: [units, bias ? 1 : 0] as const, data: bias?.data ?? new Float64Array(0) } },
    ];
    const all = sideBySide(parts.map(({ vectors }) => vectors)),
      products = gram(all);
    checkFinite(where, "the overlaps", products);
    return {
      recurrent: matmul(transpose(n), m),
      input: matmul(transpose(n), wIn),
      readout: matmul(c, m),
      direct: matmul(c, wIn),
      vectors: parts.flatMap(({ name, vectors }) =>
        Array.from({ length: vectors.shape[1] }, (_, i) => (name === "bias" ? name : `${name} ${i}`)),
      ),
      products,
      cosines: cosinesOf(all),
      provenance: provenance(where, null, { trial }, { units }),
    };
  });
}

/** Refuse a network whose weights are not a product of factors. */
export const refuseRank = (where: string): never =>
  fail(where, {
    expected: "a network of low rank without a static part, such as a LowRankRNN or a LowTensorRankRNN",
    got: "one of full rank, or with weights that do not change",
    fix: "Build a LowRankRNN from the leading singular vectors of its weights.",
  });

function sideBySide(parts: readonly Matrix[]): Matrix {
  const units = parts[0].shape[0],
    total = parts.reduce((sum, { shape }) => sum + shape[1], 0),
    out = zeros([units, total]);
  let first = 0;
  for (const {
    shape: [, count],
    data,
  } of parts) {
    for (let i = 0; i < units; i++) out.data.set(data.subarray(i * count, (i + 1) * count), i * total + first);
    first += count;
  }
  return out;
}

/** Cosines between columns, each scaled to length 1 before they are multiplied. */
function cosinesOf(m: Matrix): Matrix {
  const rows = transpose(m),
    [count, units] = rows.shape;
  for (let j = 0; j < count; j++) {
    const row = rows.data.subarray(j * units, (j + 1) * units),
      length = lengthOf(row);
    if (length > 0) for (let i = 0; i < units; i++) row[i] /= length;
  }
  return gram(transpose(rows));
}
