import type { AlsModel, LeastSquares, UpdateFactor } from "../decompose";
import { contraction, contractionKernels } from "../kernels";
import { matmul, transpose, type Matrix } from "../tensor";
import { basisPass } from "./basis-pass";
import { projectedSweeps } from "./projected-sweeps";
import { stacked, trialsOf, type Stacked } from "./stacked";

/** A model between sweeps: its factors are (trials × rank), (rank × rank) and (units × rank). */
export interface Parafac2Model extends AlsModel {
  /** orthonormal columns for every trial, in the coordinates of its span; none before the first sweep */
  readonly bases?: Stacked;
}

/** Trials to fit, and the spans of their models. */
export interface RaggedData extends Stacked {
  /** the entries that are missing, by their place in the stack */
  readonly missing: readonly number[];
  /** by unit: the value of missing entries before there is a model */
  readonly means: Float64Array;
  /** orthonormal columns that the evolving factor of each trial lies in; absent: it is free */
  readonly spans?: readonly Matrix[];
  /** of what is observed */
  readonly norm: number;
}

/**
 * The direct fitting of PARAFAC2: with the factors fixed, the basis of a trial is the polar factor of `X_k A diag(c_k)
 * B'`; with the bases fixed, `P_k' X_k` are the slices of a tensor of three modes, whose CP sweeps update c, B and A.
 * Neither raises the squared error.
 *
 * Missing entries are taken from the model before each sweep (expectation maximization), so the squared error over the
 * observed entries does not rise either. Where evolving factors lie in a span, the trials are projected onto it first:
 * the residual of that is the same for every model.
 *
 * @see Kiers, ten Berge & Bro (1999), PARAFAC2, part I, Journal of Chemometrics 13; spans: Helwig (2013), Biometrical
 * Journal 55
 */
export function parafac2Problem(data: RaggedData, rank: number, update: UpdateFactor): LeastSquares<Parafac2Model> {
  const { x, ends, missing, norm: size } = data,
    units = x.shape[1],
    { workspace } = contractionKernels(),
    holed = missing.length > 0 ? withHoles(x, missing) : x,
    known = missing.length > 0 ? undefined : inSpans(data, x);
  return {
    norm: size,
    imputes: missing.length > 0,
    sweep(model) {
      const trials = known ?? inSpans(data, completed(data, model));
      return workspace.within(() => {
        const y = workspace.take(8 * ends.length * rank * units), // the trials in the coordinates of their bases
          bases = basisPass(trials, model.factors, y),
          { factors, singular, explained, componentsSquared } = projectedSweeps(y, model.factors, update),
          squared = 1 - explained / (size * size),
          canceled = Math.max(1, componentsSquared / (size * size));
        const exact = () => {
          const residual = contraction(holed.data, x.shape[0], units).residual({
            left: evolving(data, factors, bases).data,
            rightT: transpose(factors[2]).data,
            rank,
          });
          return Math.sqrt(residual) / size;
        };
        const cancels = missing.length > 0 || squared <= 1e-6 * canceled,
          relativeError = size === 0 ? 0 : cancels ? exact() : Math.sqrt(squared);
        return { factors, weights: model.weights, singular, bases, relativeError };
      });
    },
  };
}

/** `S_k P_k B diag(c_k)` of every trial, stacked: times A', it is the model. */
export function evolving(
  { ends, spans }: Pick<RaggedData, "ends" | "spans">,
  [trials, common]: readonly Matrix[],
  bases: Stacked,
): Matrix {
  const rank = common.shape[0],
    inside = { x: matmul(bases.x, common), ends: bases.ends },
    out = spans ? stacked(trialsOf(inside).map((course, k) => matmul(spans[k], course))).x : inside.x;
  for (let k = 0, at = 0; k < ends.length; k++)
    for (; at < ends[k] * rank; at++) out.data[at] *= trials.data[k * rank + (at % rank)];
  return out;
}

/** The trials with missing entries from the model, or from the means of their units. */
function completed(given: RaggedData, { factors, bases }: Parafac2Model): Matrix {
  const { x, missing, means } = given,
    data = x.data.slice(),
    [rows, units] = x.shape;
  if (!bases) {
    for (const at of missing) data[at] = means[at % units];
    return { shape: [rows, units], data };
  }
  const rank = factors[2].shape[1],
    left = evolving(given, factors, bases).data,
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
function inSpans({ ends, spans }: RaggedData, x: Matrix): Matrix[] {
  const trials = trialsOf({ x, ends });
  if (!spans) return trials;
  return trials.map(({ shape, data }, k): Matrix => {
    const [, count] = spans[k].shape;
    return { shape: [count, shape[1]], data: contraction(data, ...shape).leftT(spans[k].data, count) };
  });
}

function withHoles({ shape, data }: Matrix, missing: readonly number[]): Matrix {
  const out = data.slice();
  for (const at of missing) out[at] = NaN;
  return { shape, data: out };
}
