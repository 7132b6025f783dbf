import { exp } from "../base";
import { als, noExtrapolation, type AlsState } from "../decompose";
import { expectedCounts } from "../losses";
import type { Matrix } from "../tensor";
import type { Counts } from "./counts";
import { checkOffsets, parafac2ToTrials } from "./parafac2-to-trials";
import { apart, canonicalParafac2, type Parafac2Raw } from "./parafac2-result";
import type { Parafac2PoissonOptions } from "./poisson-options";
import { poissonPlan, type PoissonPlan } from "./poisson-plan";
import { firstCurvature, modulationOf, rescaledModel, workingData, type PoissonModel } from "./poisson-problem";
import type { Parafac2Counts, Parafac2PoissonResult } from "./poisson-result";
import { race, type RaceState } from "./race";
import { randomRaggedStart, singularStart } from "./ragged-start";
import { stacked } from "./stacked";

type State = PoissonModel & AlsState;

/**
 * PARAFAC2 of counts of trials of different lengths, without padding, by their Poisson likelihood: the logarithm of the
 * rate of unit j is an offset plus a PARAFAC2 model, `o_j + (P_k B diag(weights * c_k) A')_tj`, as in {@link parafac2}.
 * {@link parafac2Rates} gives the rates.
 *
 * Every sweep replaces the loss by a quadratic upper bound, and takes a sweep of PARAFAC2 on that: the loss never
 * rises.
 *
 * @param trials - a matrix for each trial, (time × units), whole numbers of at least 0 where observed; at least `rank`
 * bins in each, and of every unit at least one count above 0
 * @param rank - number of components, at most the number of units
 * @throws {@link LtrnnError} when trials are not such matrices, the rank does not fit, or an option is refused
 * @remarks O(sweeps · entries · rank). With few counts in a bin, free evolving factors fit noise and drive rates to 0:
 * use `shortestPeriod` or `ridge`.
 * @see Kiers, ten Berge & Bro (1999), PARAFAC2, part I, Journal of Chemometrics 13, 275; Lange, Hunter & Yang (2000),
 * Optimization transfer using surrogate objective functions, J. Comput. Graph. Stat. 9
 * @example parafac2Poisson([tensor([2, 2], [8, 2, 4, 4]), tensor([3, 2], [8, 2, 4, 4, 8, 2])], 1).relativeDeviance <
 * 0.01 // true
 */
export function parafac2Poisson(
  trials: readonly Matrix[],
  rank: number,
  options: Parafac2PoissonOptions = {},
): Parafac2PoissonResult {
  const plan = poissonPlan("parafac2Poisson", trials, rank, options);
  let end: RaceState<State> | undefined;
  for (const state of run(plan)) end = state;
  return resultOf(plan, end as RaceState<State>);
}

/**
 * The stepwise form of {@link parafac2Poisson}: it yields after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as parafac2Poisson
 * @example [...parafac2PoissonSweeps([tensor([2, 2], [8, 1, 4, 5])], 1, { starts: 1, sweeps: 2 })].length // 2
 */
export function parafac2PoissonSweeps(
  trials: readonly Matrix[],
  rank: number,
  options: Parafac2PoissonOptions = {},
): Generator<Parafac2PoissonResult> {
  const plan = poissonPlan("parafac2PoissonSweeps", trials, rank, options);
  return (function* () {
    for (const state of run(plan)) yield resultOf(plan, state);
  })();
}

/**
 * The counts that a PARAFAC2 model of counts expects in every bin.
 *
 * @returns (time × units) for each trial, in counts a bin
 * @throws {@link LtrnnError} when it is not such a model
 * @remarks O(entries · rank).
 * @example parafac2Rates(parafac2Poisson([tensor([2, 2], [1, 2, 1, 2])], 1))[0].data // Float64Array [1, 2, 1, 2], up
 * to rounding
 */
export function parafac2Rates(model: Parafac2Counts): Matrix[] {
  checkOffsets("parafac2Rates", model);
  const { data: offsets } = model.offsets;
  return parafac2ToTrials(model).map(({ shape, data }) => ({
    shape,
    data: data.map((value, i) => exp(offsets[i % shape[1]] + value)),
  }));
}

const run = (plan: PoissonPlan): Generator<RaceState<State>> =>
  race({ ...plan, given: plan.given !== undefined, sweepsOf: (index) => sweepsOf(plan, index) });

/** The alternation from one start. */
function sweepsOf(plan: PoissonPlan, index: number): Generator<State> {
  const { given, problem, rank, tolerance, accelerate } = plan,
    weights = new Float64Array(rank).fill(1);
  const model: PoissonModel = given
      ? {
          factors: given.raw.factors,
          bases: stacked(given.raw.bases),
          weights,
          curvature: { trials: given.curvature.trials.data, units: given.curvature.units.data },
        }
      : drawnModel(plan, index),
    resumes = given !== undefined && given.extrapolation.of === problem.norm;
  const resumed = resumes
    ? { relativeError: Math.sqrt(given.relativeDeviance), extrapolation: given.extrapolation }
    : { relativeError: Infinity, extrapolation: noExtrapolation(problem.norm, model) };
  return als(problem, model, { threshold: tolerance, monotone: true, accelerate, fixed: [], resumed });
}

/** A start drawn on the scale of the first working data, and returned on the scale of the model. */
function drawnModel({ counts, rank, seed, ridge }: PoissonPlan, index: number): PoissonModel {
  const curvature = firstCurvature(counts, ridge),
    modulation = new Float64Array(counts.x.data.length),
    work = workingData(counts, {
      modulation,
      rates: expectedCounts(counts, modulation, ridge).rates,
      curvature,
      ridge,
    }),
    factors = index === 0 ? singularStart(work, rank) : randomRaggedStart(work, rank, seed + index);
  return rescaledModel(
    { factors, weights: new Float64Array(rank).fill(1), curvature },
    curvature,
    (h) => 1 / Math.sqrt(h),
  );
}

function resultOf(plan: PoissonPlan, { state, trace, ...race }: RaceState<State>): Parafac2PoissonResult {
  const { where, counts, provenance } = plan,
    { factors, bases, relativeError, extrapolation, curvature } = state,
    raw: Parafac2Raw = { factors, bases: apart(bases) },
    expected = expectedCounts(counts, modulationOf(counts, { factors, bases, weights: state.weights }), 0);
  return {
    ...canonicalParafac2(where, raw, counts.spans, 0),
    offsets: vector(expected.offsets),
    loss: lossOf(counts, expected.excess),
    relativeDeviance: relativeError * relativeError,
    trace: trace.map((value) => value * value),
    sweeps: trace.length,
    ...race,
    raw,
    extrapolation,
    curvature: { trials: vector(curvature.trials), units: vector(curvature.units) },
    provenance,
  };
}

const lossOf = ({ saturated, observed }: Counts, excess: number): number => (excess - saturated) / observed;

const vector = (data: Float64Array) => ({ shape: [data.length] as const, data });
