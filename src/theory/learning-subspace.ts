import { fail, type FieldsOf, provenance, type Provenance, readOptions } from "../base";
import { exponentOf, rescaled, timesPowerOfTwo } from "../factored";
import {
  finiteMatrix,
  finiteVector,
  largestOf,
  matmul,
  type Matrix,
  norm,
  slice,
  transpose,
  type Vector,
  zeros,
} from "../tensor";
import { checkSquare } from "./checks";
import { grow, outside } from "./grow";
import { identityShift } from "./identity-shift";

/** What the learning subspace is made from. Leave out what the network does not have. */
export interface LearningSubspaceOptions {
  /** W(0), (units × units) */
  readonly initialWeights: Matrix;
  /** W_in (units × inputs); default no inputs */
  readonly inputWeights?: Matrix;
  /** C (outputs × units); default no outputs */
  readonly readout?: Matrix;
  /** one per row (conditions × units); default 0 */
  readonly initialStates?: Matrix;
  /** b (units); default none */
  readonly bias?: Vector;
  /** directions below this, relative to the matrix they come from, count as rounding; default 1e-10 */
  readonly tolerance?: number;
}

const learningSubspaceOptions = {
  initialWeights: { is: "checked", check: finiteMatrix, needed: true },
  inputWeights: { is: "checked", check: finiteMatrix },
  readout: { is: "checked", check: finiteMatrix },
  initialStates: { is: "checked", check: finiteMatrix },
  bias: { is: "checked", check: finiteVector },
  tolerance: { is: "number", above: 0, below: 1, fallback: 1e-10 },
} as const satisfies FieldsOf<LearningSubspaceOptions>;

/** The subspace S of docs/theory.md B1, and how accurately it is invariant. Plain data. */
export interface LearningSubspace {
  /** orthonormal, (units × dimension) */
  readonly basis: Matrix;
  readonly dimension: number;
  /** c: W(0) less c I was applied, which has the same invariant subspaces */
  readonly identityShift: number;
  /**
   * The part of W(0) S and W(0)' S outside S, relative to the norm of W(0), and the part of the generators outside,
   * relative to theirs.
   */
  readonly residuals: { readonly weights: number; readonly transpose: number; readonly generators: number };
  readonly provenance: Provenance;
}

/**
 * The learning subspace S: the smallest that contains the columns of W_in, the rows of C, the initial states and the
 * bias, and is mapped into itself by W(0) and by W(0)'. A linear network trained by gradient descent changes its
 * weights inside S only, for all of learning.
 *
 * @throws {@link LtrnnError} when shapes disagree, an entry is not finite, or the tolerance is outside (0, 1)
 * @remarks O(units² · dimension) for the blocks, and O(units³) for the shift.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36, for the question; docs/theory.md B1 for the proof
 * @example learningSubspace({ initialWeights: zeros([9, 9]), inputWeights: tensor([9, 1], [1, 2, 3, 4, 5, 6, 7, 8,
 * 9]) }).dimension // 1
 */
export function learningSubspace(options: LearningSubspaceOptions): LearningSubspace {
  const where = "learningSubspace";
  const { initialWeights, tolerance, ...arrays } = readOptions<LearningSubspaceOptions, typeof learningSubspaceOptions>(
    where,
    options,
    learningSubspaceOptions,
  );
  checkSquare(where, "initialWeights", initialWeights);
  const units = initialWeights.shape[0];
  const generators = generatorsOf(where, arrays, units);
  const exponent = exponentOf(largestOf(initialWeights.data)),
    w = rescaled(initialWeights, -exponent), // directions have no unit, and squares of these entries are in range
    { shift, rest } = identityShift("learningSubspace", w, 1e-12);
  const size = norm(rest) > tolerance * norm(w) ? norm(rest) : 0,
    restT = transpose(rest);
  let basis = zeros([units, 0]) as Matrix;
  for (const { m } of generators) basis = grow(basis, m, tolerance * norm(m)).basis;
  if (size > 0) basis = closed(basis, rest, restT, tolerance * size);
  const share = (part: Matrix, whole: number) => (whole > 0 ? norm(outside(basis, part)) / whole : 0);
  return {
    basis,
    dimension: basis.shape[1],
    identityShift: timesPowerOfTwo(shift, exponent),
    residuals: {
      weights: share(matmul(rest, basis), size),
      transpose: share(matmul(restT, basis), size),
      generators: generators.reduce((most, { m }) => Math.max(most, share(m, norm(m))), 0),
    },
    provenance: provenance(where, null, { tolerance }, { generators: generators.map(({ name }) => name) }),
  };
}

/** The basis extended by its images under w and its transpose, block by block of new directions. */
function closed(start: Matrix, w: Matrix, wT: Matrix, threshold: number): Matrix {
  const units = start.shape[0];
  let basis = start;
  for (let fresh = basis; fresh.shape[1] > 0 && basis.shape[1] < units; ) {
    const before = basis.shape[1];
    basis = grow(basis, matmul(w, fresh), threshold).basis;
    basis = grow(basis, matmul(wT, fresh), threshold).basis;
    fresh = slice(basis, [undefined, [before]]);
  }
  return basis;
}

/** The given arrays as columns over units. */
function generatorsOf(
  where: string,
  { inputWeights, readout, initialStates, bias }: Omit<LearningSubspaceOptions, "initialWeights" | "tolerance">,
  units: number,
): { readonly name: string; readonly m: Matrix }[] {
  const columns = {
    inputWeights,
    readout: readout && transpose(readout),
    initialStates: initialStates && transpose(initialStates),
    bias: bias && ({ shape: [bias.shape[0], 1], data: bias.data } as Matrix),
  };
  return Object.entries(columns).flatMap(([name, m]) => {
    if (!m) return [];
    if (m.shape[0] !== units)
      fail(where, {
        expected: `${name} for ${units} units, as initialWeights`,
        got: `${m.shape[0]} units`,
        fix:
          name === "inputWeights" || name === "bias" ? "Let its rows be the units." : "Let its columns be the units.",
      });
    return [{ name, m: rescaled(m, -exponentOf(largestOf(m.data))) }];
  });
}
