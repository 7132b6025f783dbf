import { checkAbove, fail, provenance, type Provenance } from "../base";
import { checkFinite, checkTensor, matmul, norm, transpose, zeros, type Matrix, type Vector } from "../tensor";
import { identityShift } from "./identity-shift";
import { grow, outside } from "./grow";

/** What the learning subspace is made from. Leave out what the network goes without. */
export interface LearningSubspaceOptions {
  /** W(0), (units × units) */
  readonly initialWeights: Matrix;
  /** W_in (units × inputs) */
  readonly inputWeights?: Matrix;
  /** C (outputs × units) */
  readonly readout?: Matrix;
  /** one per row (conditions × units) */
  readonly initialStates?: Matrix;
  /** b (units) */
  readonly bias?: Vector;
  /** directions below this, relative to what they come from, count as rounding; default 1e-10 */
  readonly tolerance?: number;
}

/** The subspace S of theory B1, and how well it is closed. Plain data. */
export interface LearningSubspace {
  /** orthonormal, (units × dimension) */
  readonly basis: Matrix;
  readonly dimension: number;
  /** c: W(0) less c I is what was applied, which changes no invariant subspace */
  readonly identityShift: number;
  /** how far W(0) and W(0)' lead out of S, relative to their norm, and how much of the generators lies outside, relative to theirs */
  readonly residuals: { readonly weights: number; readonly transpose: number; readonly generators: number };
  readonly provenance: Provenance;
}

/**
 * The learning subspace S: the smallest that contains the columns of W_in, the rows of C, the initial states and the bias, and is mapped into itself by W(0) and
 * by W(0)'. A linear network trained by gradient descent changes its weights inside S only, for all of learning.
 *
 * @throws {@link LtrnnError} when shapes disagree, an entry is not finite, or the tolerance is outside (0, 1)
 * @remarks O(units² · dimension) for the blocks, and O(units³) for the shift.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36, for the question; docs/theory.md B1 for the proof
 * @example learningSubspace({ initialWeights: zeros([9, 9]), inputWeights: tensor([9, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]) }).dimension // 1
 */
export function learningSubspace({
  initialWeights,
  inputWeights,
  readout,
  initialStates,
  bias,
  tolerance = 1e-10,
}: LearningSubspaceOptions): LearningSubspace {
  const where = "learningSubspace";
  checkAbove(where, "tolerance", tolerance, 0);
  if (tolerance >= 1)
    fail(where, { expected: "a tolerance below 1", got: String(tolerance), fix: "It is relative: 1e-10 is usual." });
  checkTensor(where, "initialWeights", initialWeights, 2);
  checkFinite(where, "initialWeights", initialWeights);
  const units = initialWeights.shape[0];
  if (initialWeights.shape[1] !== units)
    fail(where, {
      expected: "square initialWeights",
      got: initialWeights.shape.join(" × "),
      fix: "Row = postsynaptic unit, column = presynaptic unit.",
    });
  const column = (v: Vector): Matrix => ({ shape: [v.shape[0], 1], data: v.data });
  const generators = Object.entries({
    inputWeights,
    readout: readout && transpose(readout),
    initialStates: initialStates && transpose(initialStates),
    bias: bias && column(bias),
  }).flatMap(([name, m]) => (m ? [{ name, m }] : []));
  for (const { name, m } of generators) {
    checkFinite(where, name, m);
    if (m.shape[0] !== units)
      fail(where, {
        expected: `${name} for ${units} units`,
        got: `${m.shape[0]}`,
        fix: "Give every array the same units.",
      });
  }
  const { shift, rest } = identityShift(initialWeights);
  const size = norm(rest),
    restT = transpose(rest);
  let basis = zeros([units, 0]) as Matrix;
  for (const { m } of generators) basis = grow(basis, m, tolerance * norm(m)).basis;
  if (size > tolerance * norm(initialWeights))
    for (let fresh = basis; fresh.shape[1] > 0 && basis.shape[1] < units; ) {
      const before = basis.shape[1];
      basis = grow(basis, matmul(rest, fresh), tolerance * size).basis;
      basis = grow(basis, matmul(restT, fresh), tolerance * size).basis;
      fresh = columnsFrom(basis, before);
    }
  const leak = (m: Matrix) => norm(outside(basis, m));
  const relative = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  return {
    basis,
    dimension: basis.shape[1],
    identityShift: shift,
    residuals: {
      weights: relative(leak(matmul(rest, basis)), size),
      transpose: relative(leak(matmul(restT, basis)), size),
      generators: Math.max(0, ...generators.map(({ m }) => relative(leak(m), norm(m)))),
    },
    provenance: provenance(where, null, { tolerance, generators: generators.map(({ name }) => name) }),
  };
}

function columnsFrom({ shape: [rows, columns], data }: Matrix, first: number): Matrix {
  const out = zeros([rows, columns - first]);
  for (let i = 0; i < rows; i++)
    out.data.set(data.subarray(i * columns + first, (i + 1) * columns), i * (columns - first));
  return out;
}
