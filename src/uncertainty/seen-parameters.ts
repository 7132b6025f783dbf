import { defined, failingAs } from "../base";
import type { FitMatch, LowTensorRankFit } from "../fit";
import { solveSymmetric, symmetricEigen } from "../linalg";
import { simulate } from "../run";
import { gram, matmul, modeGram, select, slice, transpose, type Matrix, type Params, type Tensor3 } from "../tensor";

/**
 * The parameters of a fit as activity sees them: in a gauge that refits share, so that they can be compared entry by
 * entry. Plain data.
 */
export interface SeenParameters {
  /** of unit length, as neurons see them: through the readout where there is one (neurons × rank) */
  readonly columns: Matrix;
  /** `S^(1/2) b_r`, S the second moment of the first fit's rates, of unit length (units × rank) */
  readonly rows: Matrix;
  /** with the scales of both (trials × rank) */
  readonly trialFactors: Matrix;
  /** what inputs drive, in the coordinates of the first fit's input weights (conditions or trials × time × inputs) */
  readonly inputs: Tensor3;
  /** (rows of x0 × units) */
  readonly initialStates: Matrix;
  /** readout, gain and bias, those of them that there are */
  readonly decoder: Params;
}

/** What the parameters of refits are seen by: the rates and the input weights of the first fit. */
export interface Sight {
  readonly rootOfRates: Matrix;
  readonly inputWeights: Matrix;
  /** one trial of each condition; all trials, where inputs differ within conditions */
  readonly inputTrials: readonly number[];
}

export function sightOf(where: string, fit: LowTensorRankFit): Sight {
  const { model, inputs, dt, conditions } = fit,
    { rates } = failingAs(where, () => simulate(model, inputs, { dt, conditions }));
  return {
    rootOfRates: rootOf(modeGram(rates, 2), rates.shape[0] * rates.shape[1]),
    inputWeights: seen(fit, model.params.wIn),
    inputTrials: trialsThatDiffer(fit),
  };
}

/** A fit in the gauge of its own sight, or of the one it is a refit of, with the order and signs of that one. */
export function seenParameters(
  fit: LowTensorRankFit,
  { rootOfRates, inputWeights, inputTrials }: Sight,
  of?: { readonly match: FitMatch; readonly first: SeenParameters },
): SeenParameters {
  const { model, rank, inputs } = fit,
    { a, b, c, wIn, x0, readout, readoutGain, readoutBias } = model.params,
    order = of?.match.assignment ?? Array.from({ length: rank }, (_, r) => r);
  const inOrder = (x: Matrix) => select(slice(x, [undefined, [0, rank]]), 1, order),
    [columns, ofColumns] = unitColumns(seen(fit, inOrder(a)), of?.first.columns),
    [rows, ofRows] = unitColumns(matmul(rootOfRates, inOrder(b)), of?.first.rows);
  return {
    columns,
    rows,
    trialFactors: timesColumns(inOrder(c), (r) => ofColumns[r] * ofRows[r]),
    inputs: inCoordinates(select(inputs, 0, inputTrials), seen(fit, wIn), inputWeights),
    initialStates: x0,
    decoder: defined({ readout, readoutGain, readoutBias }),
  };
}

const seen = ({ model }: LowTensorRankFit, x: Matrix): Matrix =>
  model.params.readout ? matmul(model.params.readout, x) : x;

/** The symmetric square root of a second moment. */
function rootOf(sums: Matrix, count: number): Matrix {
  const { values, vectors } = symmetricEigen(sums),
    scaled = timesColumns(vectors, (j) => Math.sqrt(Math.max(0, values[j]) / count));
  return matmul(scaled, transpose(vectors));
}

/** Columns of unit length, with the signs of others where there are any, and what each was divided by. */
function unitColumns(x: Matrix, others?: Matrix): readonly [Matrix, number[]] {
  const [rows, columns] = x.shape,
    scales = Array.from({ length: columns }, (_, r) => {
      let [squares, inner] = [0, 0];
      for (let i = r; i < rows * columns; i += columns) {
        squares += x.data[i] * x.data[i];
        if (others) inner += x.data[i] * others.data[i];
      }
      return (inner < 0 ? -1 : 1) * Math.sqrt(squares);
    });
  return [timesColumns(x, (r) => (scales[r] === 0 ? 0 : 1 / scales[r])), scales];
}

const timesColumns = ({ shape, data }: Matrix, by: (column: number) => number): Matrix => ({
  shape,
  data: data.map((x, index) => x * by(index % shape[1])),
});

/** Inputs u of weights V as those of weights W: the least squares solution of `W u* = V u`. */
function inCoordinates(u: Tensor3, v: Matrix, w: Matrix): Tensor3 {
  const [trials, time, inputs] = u.shape;
  if (inputs === 0 || v === w) return u;
  const change = solveSymmetric(gram(w), matmul(transpose(w), v)).x, // (W'W)^-1 W'V
    flat: Matrix = { shape: [trials * time, inputs], data: u.data };
  return { shape: u.shape, data: matmul(flat, transpose(change)).data };
}

/** The first trial of every condition, if all others of it have the same inputs. */
function trialsThatDiffer({ inputs: { shape, data }, trialConditions }: LowTensorRankFit): readonly number[] {
  const size = shape[1] * shape[2],
    first = new Map<number, number>();
  trialConditions.forEach((condition, k) => {
    if (!first.has(condition)) first.set(condition, k);
  });
  const alike = trialConditions.every((condition, k) => {
    const at = (first.get(condition) as number) * size;
    for (let i = 0; i < size; i++) if (data[k * size + i] !== data[at + i]) return false;
    return true;
  });
  return alike ? [...first.values()] : trialConditions.map((_, k) => k);
}
