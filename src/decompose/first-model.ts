import { random } from "../base";
import { identity, norm, type Matrix } from "../tensor";
import { leastSquares, type AlsSettings } from "./als";
import type { AlsModel } from "./als-model";
import { compareStarts, type Compared } from "./compare-starts";
import { compressMasked } from "./compress-masked";
import { compress, lifted, liftedError, oversampling, projectedOn, type Compressed } from "./compression";
import { describeConstraint, satisfying } from "./constraint";
import type { CpPlan } from "./cp-plan";
import type { RunState, StartOrigin } from "./cp-result";
import { drawnStart } from "./drawn-start";
import { noExtrapolation } from "./extrapolation";
import { startInUnit } from "./given-start";
import { leadingVectors } from "./hosvd-start";
import { filled } from "./masked-least-squares";
import { sizedStart } from "./sized-start";
import { dimensionTree } from "./dimension-tree";
import { updateFactor } from "./update-factor";

/** Where the alternation on x begins. */
export interface FirstModel {
  readonly model: AlsModel;
  readonly origin: StartOrigin;
  readonly resumed: AlsSettings["resumed"];
}

/**
 * The model before the first sweep over x: the best of several, which are reported while they are compared, or the one
 * start that there is.
 */
export function* firstModel(plan: CpPlan): Generator<RunState, FirstModel> {
  if (plan.compress || plan.starts > 1) return yield* bestOfSeveral(plan);
  return plan.given ? givenModel(plan, plan.given) : drawnModel(plan);
}

function drawnModel({ x, rank, seed, start, level, mask, constraints, of, unit }: CpPlan): FirstModel {
  const drawn = drawnStart(start ?? "random", x, rank, seed, { level, mask }),
    model = { factors: sizedStart(drawn, constraints, level.size), weights: ones(rank) };
  return { model, origin: originOf(rank, unit), resumed: freshRun(of, model) };
}

/**
 * A start that is given. An earlier result of the same tensor, under the same constraints, is resumed with the memory
 * of its extrapolation.
 */
function givenModel(plan: CpPlan, { factors: given, result }: NonNullable<CpPlan["given"]>): FirstModel {
  const { fixed, constraints, of, unit, rank } = plan,
    extrapolation = result?.extrapolation?.of === of && sameConstraints(plan) ? result.extrapolation : undefined,
    { factors: inside, exponents } = startInUnit(given, { fixed, unit, resumes: extrapolation !== undefined }),
    origin = { starts: [], given: given.map((f, mode) => (fixed.includes(mode) ? f : undefined)), exponents };
  if (result && extrapolation) {
    const model = { factors: inside, weights: Float64Array.from(extrapolation.weights) };
    return { model, origin, resumed: { relativeError: result.relativeError, extrapolation } };
  }
  const model = { factors: satisfying(inside, constraints, fixed), weights: ones(rank) };
  return { model, origin, resumed: freshRun(of, model) };
}

/** Whether an earlier result was made under the constraints of this run. */
function sameConstraints({ given, constraints }: CpPlan): boolean {
  const now = constraints.map((constraint) => (constraint ? describeConstraint(constraint) : null));
  return JSON.stringify(given?.result?.provenance?.options.constraints) === JSON.stringify(now);
}

/** Sweeps of the last start on a core, at most: they cost next to nothing. */
const coreSweeps = 2000;

function* bestOfSeveral(plan: CpPlan): Generator<RunState, FirstModel> {
  const { x, rank, seed, starts, fixed, constraints, sweeps, mask } = plan,
    small = plan.compress ? compressed(plan) : undefined,
    isPlain = !mask && fixed.length === 0 && !constraints.some(Boolean);
  let vectors: readonly Matrix[] | undefined;
  const bases = () => (vectors ??= leadingVectors(x, rank, seed)),
    comparison = small ? onCore(plan, small) : { ...plan, isPlain, sweeps, bases };
  let latest: Compared | undefined;
  for (const compared of compareStarts({ ...comparison, starts })) {
    // a sweep of the core takes less time than a report of it, so the comparison reports once a round
    if (small && latest && compared.round !== latest.round) yield comparedState(plan, latest, small);
    if (!small) yield comparedState(plan, compared);
    latest = compared;
  }
  const last = comparedState(plan, latest as Compared, small);
  if (small) yield last;
  return { model: last, origin: last.origin, resumed: freshRun(plan.of, last) };
}

/** x compressed to few directions; where entries are missing, those of the completed tensor. */
function compressed({ x, mask, rank, seed, level }: CpPlan): Compressed {
  if (mask) return compressMasked(x, mask, rank, seed, level.size);
  return compress(x, rank + oversampling, random(seed, "cp compression"), level.size);
}

/** The comparison of starts on a compressed tensor. */
function onCore(plan: CpPlan, small: Compressed) {
  const { rank, level, where, ridge } = plan,
    { core } = small,
    update = updateFactor({ where, ridge, fixed: [], constraints: [] });
  return {
    ...plan,
    x: core,
    level: level.offset ? { ...level, offset: projectedOn(small, level.offset) } : level,
    problem: leastSquares(core, rank, { update, norm: norm(core) }),
    isPlain: true,
    // the modes of the core are rotated to their singular vectors
    bases: () => core.shape.map((size) => identity(size)),
    sweeps: coreSweeps,
  };
}

/** The report of a comparison: its best model on x. */
function comparedState(plan: CpPlan, { best, relativeError, starts }: Compared, small?: Compressed): RunState {
  const { rank, unit } = plan,
    factors = small ? lifted(small, best.factors) : best.factors,
    compression = small ? { ranks: small.core.shape, energy: small.energy } : undefined;
  return {
    factors,
    weights: best.weights,
    relativeError: small ? errorOnX(plan, small, factors, relativeError) : relativeError,
    trace: [],
    stage: "start",
    status: "running",
    singular: false,
    origin: { ...originOf(rank, unit), starts, ...(compression ? { compression } : {}) },
    extrapolation: null,
  };
}

/** The error of lifted factors over the observed entries, from the error on the core where that is accurate. */
function errorOnX(plan: CpPlan, small: Compressed, factors: readonly Matrix[], ofCore: number): number {
  const { x, mask, rank, level } = plan;
  if (!mask) return liftedError(x, rank, factors, small.energy, ofCore, level.size);
  return level.size === 0 ? 0 : Math.sqrt(dimensionTree(filled(x, mask, NaN), rank).residual(factors)) / level.size;
}

const originOf = (rank: number, unit: number): StartOrigin => ({
  starts: [],
  given: [],
  exponents: new Array<number>(rank).fill(unit),
});

const freshRun = (of: number, model: AlsModel): AlsSettings["resumed"] => ({
  relativeError: Infinity,
  extrapolation: noExtrapolation(of, model),
});

const ones = (rank: number): Float64Array => new Float64Array(rank).fill(1);
