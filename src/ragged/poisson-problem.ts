import { exp } from "../base";
import { updateFactor, type LeastSquares, type Swept } from "../decompose";
import { expectedCounts, type ExpectedCounts } from "../losses";
import { matmul, norm, transpose, type Matrix } from "../tensor";
import type { Counts } from "./counts";
import { evolving, parafac2Problem, type Parafac2Model } from "./parafac2-problem";

/** A model between sweeps, and the curvature of the quadratic that replaces the loss. */
export interface PoissonModel extends Parafac2Model {
  /** `trials[k] * units[j]` for the entries of trial k and unit j */
  readonly curvature: Curvature;
}

export interface Curvature {
  readonly trials: Float64Array;
  readonly units: Float64Array;
}

/** Number of sweeps over the first working data, before there is a model. */
const firstSweeps = 10;

/** The most doublings of the curvature, or halvings of the first model; then the rise is taken for rounding. */
const attempts = 60;

/** Each sweep starts from a curvature lower by this factor, in trials and in units. */
const relaxed = 0.9;

/**
 * Counts with rates `exp(offset_j + m)`, m a PARAFAC2 model. A quadratic in m replaces the loss. It has the slope of
 * the loss at the model, and a curvature that is the product of one number per trial and one per unit, so that
 * minimizing it is PARAFAC2 by least squares with trials and units rescaled. Where a sweep raises the loss, the
 * curvature is doubled in the trials and units where the loss is above the quadratic; so the loss never rises.
 *
 * The "relative error" is the root of the relative deviance, with the penalty included: the loss less that of a model
 * that predicts every count exactly, over the same for constant rates.
 *
 * @see Lange, Hunter & Yang (2000), Optimization transfer using surrogate objective functions, J. Comput. Graph. Stat.
 * 9
 */
export function poissonProblem(counts: Counts, rank: number, ridge: number): LeastSquares<PoissonModel> {
  const update = updateFactor({ where: "parafac2Poisson", ridge: 0, fixed: [], constraints: [] }),
    constant = expectedCounts(counts, new Float64Array(counts.x.data.length), ridge).excess;
  const relative = (excess: number) => (constant > 0 ? Math.sqrt(Math.max(0, excess) / constant) : 0);
  return {
    norm: Math.sqrt(2 * constant),
    imputes: false,
    sweep(model) {
      const modulation = modulationOf(counts, model),
        before = expectedCounts(counts, modulation, ridge);
      if (!Number.isFinite(before.excess)) return { ...model, relativeError: Infinity, singular: false };
      let { curvature } = model;
      for (let attempt = 0; attempt < attempts; attempt++) {
        const work = workingData(counts, { modulation, rates: before.rates, curvature, ridge }),
          problem = parafac2Problem(work, rank, update);
        let swept: Parafac2Model & Swept = problem.sweep(rescaledModel(model, curvature, Math.sqrt));
        for (let more = 1; more < firstSweeps && !model.bases; more++) swept = problem.sweep(swept);
        const found = rescaledModel(swept, curvature, (h) => 1 / Math.sqrt(h)),
          after = model.bases ? found : shortened(counts, found, before, ridge),
          there = modulationOf(counts, after),
          { excess } = expectedCounts(counts, there, ridge);
        if (excess <= before.excess || !model.bases)
          return {
            factors: after.factors,
            bases: after.bases,
            weights: model.weights,
            curvature: lowered(curvature),
            singular: swept.singular,
            relativeError: relative(excess),
          };
        curvature = raised(counts, { modulation, rates: before.rates, curvature, ridge }, there);
      }
      return { ...model, relativeError: relative(before.excess), singular: false };
    },
  };
}

/** The curvature at constant rates: the rate of the unit, times how active the trial is. */
export function firstCurvature({ x, ends, hidden, sums, observed }: Counts, ridge: number): Curvature {
  const units = x.shape[1],
    seen = new Float64Array(units),
    overall = sums.reduce((sum, count) => sum + count, 0) / observed;
  for (let i = 0; i < x.data.length; i++) if (hidden?.[i] !== 1) seen[i % units]++;
  return {
    units: sums.map((sum, j) => sum / seen[j] + ridge),
    trials: Float64Array.from(ends, (end, k) => {
      let sum = 0,
        entries = 0;
      for (let i = (k === 0 ? 0 : ends[k - 1]) * units; i < end * units; i++)
        if (hidden?.[i] !== 1) {
          sum += x.data[i];
          entries++;
        }
      return Math.max(0.1, entries > 0 ? sum / entries / overall : 0);
    }),
  };
}

/** The modulation of every log rate by the model; 0 before the first sweep. */
export function modulationOf(counts: Counts, { factors, bases }: Parafac2Model): Float64Array {
  if (!bases) return new Float64Array(counts.x.data.length);
  return matmul(evolving(counts, factors, bases), transpose(factors[2])).data;
}

interface Quadratic {
  readonly modulation: Float64Array;
  readonly rates: Float64Array;
  readonly curvature: Curvature;
  readonly ridge: number;
}

/** The minimum of the quadratic, every entry times the root of its curvature. */
export function workingData(counts: Counts, { modulation, rates, curvature, ridge }: Quadratic): Counts {
  const { x, hidden } = counts,
    data = new Float64Array(x.data.length);
  forEntries(counts, (i, k, j) => {
    const root = Math.sqrt(curvature.trials[k] * curvature.units[j]),
      slope = hidden?.[i] === 1 ? 0 : rates[i] - x.data[i] + ridge * modulation[i];
    data[i] = root * modulation[i] - slope / root;
  });
  const working: Matrix = { shape: x.shape, data };
  return { ...counts, x: working, missing: [], norm: norm(working) };
}

/** The curvature twice as large in the trials and units where the loss is above the quadratic. */
function raised(counts: Counts, { modulation, rates, curvature, ridge }: Quadratic, there: Float64Array): Curvature {
  const above = { trials: new Float64Array(curvature.trials.length), units: new Float64Array(curvature.units.length) };
  forEntries(counts, (i, k, j) => {
    if (counts.hidden?.[i] === 1) return;
    const step = there[i] - modulation[i],
      h = curvature.trials[k] * curvature.units[j] - ridge,
      over = rates[i] * (exp(step) - 1 - step) - (h / 2) * step * step;
    above.trials[k] += over;
    above.units[j] += over;
  });
  const all = !above.trials.some((over) => over > 0) || !above.units.some((over) => over > 0),
    doubled = (values: Float64Array, over: Float64Array) =>
      values.map((value, i) => (all || !(over[i] <= 0) ? 2 * value : value));
  return { trials: doubled(curvature.trials, above.trials), units: doubled(curvature.units, above.units) };
}

const lowered = ({ trials, units }: Curvature): Curvature => ({
  trials: trials.map((value) => relaxed * value),
  units: units.map((value) => relaxed * value),
});

/** Visit all entries, each with its trial and its unit. */
function forEntries({ x, ends }: Counts, visit: (entry: number, trial: number, unit: number) => void): void {
  const units = x.shape[1];
  for (let k = 0, row = 0; k < ends.length; k++)
    for (; row < ends[k]; row++) for (let j = 0; j < units; j++) visit(row * units + j, k, j);
}

/** The model with loadings of trials and units times a function of their curvatures. */
export function rescaledModel<M extends Parafac2Model>(
  model: M,
  { trials, units }: Curvature,
  scale: (h: number) => number,
): M {
  const rank = model.factors[0].shape[1],
    times = ({ shape, data }: Matrix, by: Float64Array): Matrix => ({
      shape,
      data: data.map((value, i) => value * scale(by[Math.floor(i / rank)])),
    });
  const [loadings, common, unitFactor] = model.factors;
  return { ...model, factors: [times(loadings, trials), common, times(unitFactor, units)] };
}

/** The first model, with loadings halved until its loss is no more than that of constant rates. */
function shortened<M extends Parafac2Model>(counts: Counts, model: M, constant: ExpectedCounts, ridge: number): M {
  let out = model;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (expectedCounts(counts, modulationOf(counts, out), ridge).excess <= constant.excess) return out;
    const [loadings, ...others] = out.factors;
    out = { ...out, factors: [{ shape: loadings.shape, data: loadings.data.map((value) => value / 2) }, ...others] };
  }
  return out;
}
