import { exp, log, square } from "../base";
import type { Matrix } from "../tensor";
import type { Alternation } from "./alternation";

/** What the accelerator remembers between sweeps; plain data. */
export interface Momentum {
  /** norm of the tensor it is about: of another one it knows nothing */
  readonly of: number;
  /** factors before the last sweep that was kept */
  readonly previous: readonly Matrix[];
  /** how many of its own lengths the last change is gone on before a sweep; 0: not at all */
  readonly step: number;
  /** by how much the last two sweeps that were kept lowered the error */
  readonly drops: readonly [number, number];
  /** whether the next sweep starts where the last one ended, because one that did not was undone */
  readonly plain: boolean;
  /** the weights of the components beside the factors as they are: 1, but where no factor can carry their scale */
  readonly weights: readonly number[];
}

/**
 * Sweeps that impute are extrapolated once they lower the error by less than this part of it: earlier, what is imputed still follows the start, and going on
 * along its changes leads into other minima.
 */
const imputingCrawl = 0.003;

/** Steps past this many lengths of the last change are never taken: rounding would be what they follow. */
const longest = 50;

/** An alternation after a sweep. */
export interface Iteration {
  readonly factors: Matrix[];
  readonly weights: Float64Array;
  readonly error: number;
  readonly singular: boolean;
  readonly momentum: Momentum;
  /** whether the error has settled */
  readonly settled: boolean;
}

/**
 * Sweep after sweep, for ever. Where sweeps crawl (each lowers the error by more than 0.7 of what the one before did) and `accelerates`, factors go on along
 * their last change before a sweep, farther each time it works; a sweep that ends at a larger error is undone, and the next is a plain one. So errors never rise,
 * but where a penalty is made small beside them, and `monotone` is false.
 *
 * @see Mitchell, Ye & De Sterck (2020), Nesterov acceleration of alternating least squares for canonical tensor decomposition, Numer. Linear Algebra Appl. 27: extrapolation
 * with restarts; the growing step is that of Bro (1998), Multi-way analysis in the food industry, section 4.4
 */
export function* iterate(
  alternation: Alternation,
  start: readonly Matrix[],
  {
    threshold,
    accelerates,
    monotone = true,
    of = alternation.size,
    resumed,
    fixed = [],
  }: {
    /** the error has settled when a sweep changes it by no more than this */
    readonly threshold: number;
    readonly monotone?: boolean;
    readonly accelerates: boolean;
    /** the norm of the tensor in its own unit */
    readonly of?: number;
    readonly resumed?: { readonly momentum: Momentum | null; readonly relativeError: number };
    readonly fixed?: readonly number[];
  },
): Generator<Iteration> {
  const momentum = resumed?.momentum?.of === of ? resumed.momentum : undefined;
  let factors = [...start],
    weights = momentum ? Float64Array.from(momentum.weights) : new Float64Array(start[0].shape[1]).fill(1),
    error = momentum && resumed ? resumed.relativeError : Infinity,
    previous = momentum?.previous ?? factors,
    step = momentum?.step ?? 0,
    drops: readonly [number, number] = momentum?.drops ?? [Infinity, Infinity],
    plain = momentum?.plain ?? false;
  const now = (singular: boolean, settled: boolean): Iteration => ({
    factors,
    weights,
    error,
    singular,
    momentum: { of, previous, step, drops, plain, weights: [...weights] },
    settled,
  });
  for (;;) {
    const ahead = accelerates && step > 0 && !plain;
    const trial = ahead ? goneOn(balanced(factors, fixed), balanced(previous, fixed), step, fixed) : [...factors],
      trialWeights = weights.slice();
    const singular = alternation.sweep(trial, trialWeights),
      reached = alternation.relativeError(trial, trialWeights);
    if (ahead && !(reached < error)) {
      // undone
      [step, plain] = [step / 4, true];
      yield now(singular, false);
      continue;
    }
    if (monotone && reached > error) {
      // rounding, of ill-conditioned normal equations: what there was is as good as it gets
      yield now(singular, true);
      continue;
    }
    const drop = error - reached;
    [previous, factors, weights, error] = [factors, trial, trialWeights, reached];
    if (ahead) step = Math.min(longest, 1.6 * step);
    plain = false;
    drops = [drops[1], drop];
    const crawls =
      drops[0] < Infinity &&
      drop > 0.7 * drops[0] &&
      drop > 0 &&
      !(alternation.imputes && drop > imputingCrawl * error);
    if (step < 0.5) step = crawls ? 1 : 0;
    yield now(singular, error === 0 || Math.abs(drop) <= threshold);
  }
}

/** `f + step (f - before)` in every mode that is not fixed. */
const goneOn = (
  factors: readonly Matrix[],
  before: readonly Matrix[],
  step: number,
  fixed: readonly number[],
): Matrix[] =>
  factors.map((f, mode) => {
    if (fixed.includes(mode)) return f;
    const data = new Float64Array(f.data.length),
      old = before[mode].data;
    for (let at = 0; at < data.length; at++) data[at] = f.data[at] + step * (f.data[at] - old[at]);
    return { shape: f.shape, data };
  });

/** The same components with columns of one length in all modes that are not fixed: a change of scale between modes is no change of the model, and is not to be gone on. */
function balanced(factors: readonly Matrix[], fixed: readonly number[]): Matrix[] {
  const rank = factors[0].shape[1],
    free = factors.map((_, mode) => mode).filter((mode) => !fixed.includes(mode)),
    out = factors.map((f) => ({ shape: f.shape, data: f.data.slice() }));
  for (let r = 0; r < rank; r++) {
    const lengths = free.map((mode) => {
      let squares = 0;
      for (let at = r; at < factors[mode].data.length; at += rank) squares += square(factors[mode].data[at]);
      return Math.sqrt(squares);
    });
    const common = exp(lengths.reduce((sum, length) => sum + log(length), 0) / free.length);
    if (common === 0) continue; // a component of zeros
    free.forEach((mode, i) => {
      for (let at = r; at < out[mode].data.length; at += rank) out[mode].data[at] *= common / lengths[i];
    });
  }
  return out.map((f, mode) => (fixed.includes(mode) ? factors[mode] : f));
}
