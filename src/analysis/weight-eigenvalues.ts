import { fail, failingAs, type FieldsOf, isRecord, provenance, type Provenance, readOptions } from "../base";
import type { Network } from "../models";
import { checkFinite, checkTensor, type Matrix, matmul, type Tensor3, transpose, zeros } from "../tensor";
import { dynamicsOf } from "./dynamics";
import { decompose, matchSpectra, modulus } from "./spectrum-match";

export interface WeightEigenvaluesOptions {
  /** how often the interval between two trials may be halved where eigenvalues come near to each other; default 4 */
  readonly halvings?: number | undefined;
}

const fields = {
  halvings: { is: "whole number", least: 0, most: 20, fallback: 4 },
} as const satisfies FieldsOf<WeightEigenvaluesOptions>;

/** Eigenvalues that merged, or came too near to each other to be distinguished, before a trial. */
export interface Meeting {
  readonly trial: number;
  /** their columns */
  readonly eigenvalues: readonly number[];
}

/** Eigenvalues of weights over trials. Plain data. */
export interface WeightEigenvalues {
  /** real parts (trials × eigenvalues): a column follows one eigenvalue; the first trial has the largest first */
  readonly real: Matrix;
  readonly imaginary: Matrix;
  /** the largest modulus of an eigenvalue at every trial */
  readonly radius: readonly number[];
  /** the largest real part at every trial: above 1 the linearized network is unstable at rest */
  readonly abscissa: readonly number[];
  readonly meetings: readonly Meeting[];
  readonly provenance: Provenance;
}

/**
 * Eigenvalues of the recurrent weights W^(k) over trials, each followed from trial to trial, also where two cross: each
 * continues as the one that perturbation theory predicts, by the best assignment, and the interval between two trials
 * is halved where that is not clear. Where two real ones merge into a complex pair, which is which is a convention:
 * `meetings` lists these.
 *
 * @param weights - (units × units × trials), as recordWeights gives them, or a network; one of low rank has as many
 *   eigenvalues here as components, for all others are 0
 * @throws {@link LtrnnError} when weights are not square or not finite, or the network is not one
 * @remarks O(trials · units³) at least, and up to 2^halvings times that; rank in place of units for low rank.
 * @see Golub & Van Loan (2013), Matrix Computations, section 7.2.2: the perturbation of a simple eigenvalue
 * @example weightEigenvalues(LowTensorRankRNN.random({ units: 30, inputs: 1, rank: 2, trials: 5 }, 1)).real.shape
 * // [5, 2]
 */
export function weightEigenvalues(weights: Tensor3 | Network, options?: WeightEigenvaluesOptions): WeightEigenvalues {
  const where = "weightEigenvalues",
    { halvings } = readOptions<WeightEigenvaluesOptions, typeof fields>(where, options, fields);
  return failingAs(where, () => {
    const matrices = matricesOf(where, weights),
      trials = matrices.length,
      count = matrices[0]?.shape[0] ?? 0,
      real = zeros([trials, count]),
      imaginary = zeros([trials, count]),
      meetings: Meeting[] = [];
    let order = Array.from({ length: count }, (_, i) => i),
      before: ReturnType<typeof decompose> | undefined;
    matrices.forEach((matrix, k) => {
      const now = decompose(where, matrix);
      if (before) {
        const { to, unclear } = matchSpectra(where, before, now, halvings);
        const met = order.flatMap((at, column) => (unclear.includes(at) ? [column] : []));
        if (met.length > 0) meetings.push({ trial: k, eigenvalues: met });
        order = order.map((at) => to[at]);
      }
      order.forEach((at, column) => {
        real.data[k * count + column] = now.real[at];
        imaginary.data[k * count + column] = now.imaginary[at];
      });
      before = now;
    });
    const rows = (measure: (x: number, y: number) => number) =>
      Array.from({ length: trials }, (_, k) => {
        let most = count === 0 ? 0 : -Infinity;
        for (let j = k * count; j < (k + 1) * count; j++)
          most = Math.max(most, measure(real.data[j], imaginary.data[j]));
        return most;
      });
    return {
      real,
      imaginary,
      radius: rows(modulus),
      abscissa: rows((x) => x),
      meetings,
      provenance: provenance(where, null, { halvings }, { trials, eigenvalues: count }),
    };
  });
}

/** W^(k) of every trial, or for low rank diag(c(k)) B' A, which has the same eigenvalues except zeros. */
function matricesOf(where: string, weights: Tensor3 | Network): Matrix[] {
  const given: unknown = weights;
  if (isRecord(given) && "shape" in given) return slicesOf(where, weights as Tensor3);
  const model = weights as Network,
    dynamics = dynamicsOf(where, model, undefined),
    { factors, isLow } = dynamics,
    trials = model.trials ?? 1;
  if (!factors || !isLow) return Array.from({ length: trials }, (_, k) => dynamics.weights(k));
  const { left, right, scales } = factors,
    rank = left.shape[1],
    inner = matmul(transpose(right), left);
  return Array.from({ length: trials }, (_, k) => ({
    shape: inner.shape,
    data: inner.data.map(
      (x, entry) => x * scales.data[(scales.shape[0] === 1 ? 0 : k) * rank + Math.floor(entry / rank)],
    ),
  }));
}

function slicesOf(where: string, weights: Tensor3): Matrix[] {
  checkTensor(where, "weights", weights, 3);
  checkFinite(where, "weights", weights);
  const [units, columns, trials] = weights.shape;
  if (units !== columns)
    fail(where, {
      expected: "weights to be square (units × units × trials)",
      got: `(${weights.shape.join(" × ")})`,
      fix: "Row = postsynaptic unit, column = presynaptic unit, trials last.",
    });
  return Array.from({ length: trials }, (_, k) => ({
    shape: [units, units] as const,
    data: Float64Array.from({ length: units * units }, (_, entry) => weights.data[entry * trials + k]),
  }));
}
