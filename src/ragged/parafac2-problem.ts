import { leastSquares, type AlsModel, type LeastSquares, type Swept, type UpdateFactor } from "../decompose";
import { contraction } from "../kernels";
import { matmul, norm, transpose, zeros, type Matrix } from "../tensor";
import { basisPass } from "./basis-pass";
import { stacked, trialsOf, type Stacked } from "./stacked";

/** A model between sweeps: its factors are (trials × rank), (rank × rank) and (units × rank). */
export interface Parafac2Model extends AlsModel {
  /** orthonormal columns for every trial, in the coordinates of its span; none before the first sweep */
  readonly bases?: readonly Matrix[];
}

/** Trials to fit, and what their models may be. */
export interface RaggedData extends Stacked {
  /** the entries that are missing, by their place in the stack */
  readonly missing: readonly number[];
  /** what stands for missing entries before there is a model, by unit */
  readonly means: Float64Array;
  /** orthonormal columns that the evolving factor of each trial lies in; absent: it is free */
  readonly spans?: readonly Matrix[];
  /** of what is observed */
  readonly norm: number;
}

/**
 * The direct fitting of PARAFAC2: with the factors held, the basis of a trial is the polar factor of
 * `X_k A diag(c_k) B'`; with the bases held, `P_k' X_k` are the slices of a tensor of three modes, whose CP sweeps
 * update c, B and A. Neither raises the squared error.
 *
 * Missing entries are taken from the model before each sweep (expectation maximization), so the squared error over the
 * observed entries does not rise either. Where evolving factors lie in a span, the trials are projected onto it first:
 * what is left over is the same for every model.
 *
 * @see Kiers, ten Berge & Bro (1999), PARAFAC2, part I, Journal of Chemometrics 13; spans: Helwig (2013), Biometrical
 * Journal 55
 */
export function parafac2Problem(data: RaggedData, rank: number, update: UpdateFactor): LeastSquares<Parafac2Model> {
  const { x, ends, missing, spans, norm: size } = data,
    units = x.shape[1],
    y = zeros([ends.length, rank, units]), // the trials in the coordinates of their bases
    holed = missing.length > 0 ? withHoles(x, missing) : x,
    known = missing.length > 0 ? undefined : inSpans(data, x);
  return {
    norm: size,
    imputes: missing.length > 0,
    sweep(model) {
      const bases = basisPass(known ?? inSpans(data, completed(data, model)), model.factors, y.data),
        held = norm(y),
        swept = severalSweeps(leastSquares(y, rank, { update, norm: held }), model),
        explained = held * held * (1 - swept.relativeError * swept.relativeError),
        squared = size === 0 ? 0 : 1 - explained / (size * size);
      const exact = () => {
        const left = evolving(swept.factors, bases, spans),
          residual = contraction(holed.data, x.shape[0], units).residual({
            left: stacked(left).x.data,
            rightT: transpose(swept.factors[2]).data,
            rank,
          });
        return Math.sqrt(residual) / size;
      };
      const cancels = missing.length > 0 || squared <= 1e-6,
        relativeError = size === 0 ? 0 : cancels ? exact() : Math.sqrt(squared);
      return { factors: swept.factors, weights: model.weights, singular: swept.singular, bases, relativeError };
    },
  };
}

/** Sweeps over the projected trials for one choice of bases: they cost little beside it. */
const innerSweeps = 5;

function severalSweeps(problem: LeastSquares, model: AlsModel): AlsModel & Swept {
  let swept = problem.sweep(model);
  for (let more = 1; more < innerSweeps; more++) swept = problem.sweep(swept);
  return swept;
}

/** `S_k P_k B diag(c_k)` for every trial, (time × rank): what the factor of the units multiplies. */
export function evolving(
  [trials, common]: readonly Matrix[],
  bases: readonly Matrix[],
  spans?: readonly Matrix[],
): Matrix[] {
  const rank = common.shape[0];
  return bases.map((basis, k) => {
    const inside = matmul(basis, common),
      { shape, data } = spans ? matmul(spans[k], inside) : inside;
    return { shape, data: data.map((value, i) => value * trials.data[k * rank + (i % rank)]) };
  });
}

/** The trials with missing entries from the model, or from the means of their units. */
function completed({ x, missing, means, spans }: RaggedData, { factors, bases }: Parafac2Model): Matrix {
  const data = x.data.slice(),
    [rows, units] = x.shape;
  if (!bases) {
    for (const at of missing) data[at] = means[at % units];
    return { shape: [rows, units], data };
  }
  const rank = factors[2].shape[1],
    left = stacked(evolving(factors, bases, spans)).x.data,
    right = factors[2].data;
  for (const at of missing) {
    let sum = 0;
    for (let r = 0, i = Math.floor(at / units) * rank, j = (at % units) * rank; r < rank; r++)
      sum += left[i + r] * right[j + r];
    data[at] = sum;
  }
  return { shape: [rows, units], data };
}

/** Every trial in the coordinates of its span: `S_k' X_k`. */
function inSpans({ ends, spans }: RaggedData, x: Matrix): Stacked {
  if (!spans) return { x, ends };
  const units = x.shape[1];
  return stacked(
    trialsOf({ x, ends }).map(({ shape, data }, k): Matrix => {
      const count = spans[k].shape[1];
      return { shape: [count, units], data: contraction(data, shape[0], units).leftT(spans[k].data, count) };
    }),
  );
}

function withHoles({ shape, data }: Matrix, missing: readonly number[]): Matrix {
  const out = data.slice();
  for (const at of missing) out[at] = NaN;
  return { shape, data: out };
}
