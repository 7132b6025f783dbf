import { provenance, random, readOptions, type Provenance } from "../base";
import { kernelsFor } from "../kernels";
import type { Matrix, Tensor } from "../tensor";
import { cpOf, leastSquares, type Alternation, type Demands } from "./alternation";
import { compress, coreTolerance, lifted, liftedError, oversampling, projectedOn } from "./compression";
import { satisfying } from "./constraints";
import { cancels, canonicalForm, checkCp, weightsInLast, type Cp } from "./cp";
import { checkProblem, checkResult, checkStartFactors, checkTogether, cpFields } from "./cp-check";
import type { CpCompression, CpOptions, CpResult, CpStatus } from "./cp-options";
import { hosvdStart, randomStart } from "./cp-starts";
import { iterate, type Momentum } from "./iterate";
import { thresholdOf, type Level } from "./level";
import { maskedLeastSquares } from "./masked";
import { checkPenalties, inUnit, startInUnit } from "./problem";
import { race, type CpStart } from "./race";
import { timesPowerOfTwo } from "./units";

/**
 * The stepwise form of {@link cpAls}: it yields after every sweep.
 *
 * @example [...cpAlsSweeps(zeros([2, 2, 2]), 1, { sweeps: 3 })].length // 1: zero is reached at once
 */
export function* cpAlsSweeps(x: Tensor, rank: number, options: CpOptions = {}): Generator<CpResult> {
  for (const state of alternate("cpAlsSweeps", x, rank, options)) yield resultOf(state);
}

/** The alternation after a sweep; arrays are the loop's own. */
interface State {
  readonly factors: readonly Matrix[];
  readonly weights: Float64Array;
  readonly error: number;
  readonly trace: readonly number[];
  readonly stage: CpResult["stage"];
  readonly status: CpStatus;
  readonly singular: boolean;
  readonly starts: readonly CpStart[];
  readonly compression?: CpCompression;
  readonly momentum: Momentum | null;
  readonly fixed: readonly number[];
  /** factors of fixed modes as they were given, the others undefined */
  readonly given: readonly (Matrix | undefined)[];
  readonly exponents: readonly number[];
  readonly provenance: Provenance;
}

function resultOf({
  factors,
  weights,
  error,
  trace,
  singular,
  compression,
  fixed,
  given,
  exponents,
  ...state
}: State): CpResult {
  const raw = factors.map((f, mode) => given[mode] ?? f);
  const { stage, status, starts, momentum, provenance: made } = state;
  return {
    ...canonicalForm("cpAls", cpOf(raw, weights), fixed, exponents),
    relativeError: error,
    trace: [...trace],
    sweeps: trace.length,
    stage,
    status,
    solver: singular ? "pseudo-inverse" : "cholesky",
    starts,
    ...(compression ? { compression } : {}),
    raw,
    momentum,
    provenance: made,
  };
}

function* alternate(where: string, given: Tensor, rank: number, options: CpOptions): Generator<State> {
  const read = readOptions(where, options, cpFields);
  const { seed, start, sweeps, tolerance, ridge, mask, missing, fixed, constraints } = read,
    constrained = constraints.some(Boolean),
    accelerate = read.accelerate ?? !constrained;
  checkProblem(where, given, rank, mask);
  checkTogether(where, given, rank, read);
  const { x, unit, level } = inUnit(where, given, mask);
  checkPenalties(where, unit, ridge, constraints);
  const width = rank + oversampling,
    coreEntries = x.shape.reduce((product, size) => product * Math.min(size, width), 1);
  const compressible = start === undefined && !mask && fixed.length === 0 && !constrained,
    pays = x.data.length >= 262144 && 8 * coreEntries <= x.data.length;
  const compresses = read.compress ?? (compressible && pays),
    count = read.starts ?? (compresses ? 6 : constraints.some((one) => one?.unitColumns) ? 4 : 1),
    compares = start === undefined && count > 1;
  const made = provenance("cpAls", seed, {
    rank,
    start:
      typeof start === "string"
        ? start
        : start
          ? "given"
          : compares
            ? "compared"
            : compresses
              ? "compressed"
              : "random",
    starts: compares ? count : 1,
    sweeps,
    tolerance,
    ridge,
    missing: mask ? missing : "none",
    fixed: [...fixed],
    constraints: constraints.map((one) => one?.name ?? null),
    compress: compresses ? { width, tolerance: coreTolerance } : false,
    accelerate,
    kernels: kernelsFor("float64").name,
  });
  const demands: Demands = { where, ridge, fixed, constraints },
    alternation = alternationOf(x, rank, demands, mask, missing, level.size),
    threshold = thresholdOf(tolerance, level);
  const common = { fixed, provenance: made };
  let from: { readonly factors: readonly Matrix[]; readonly exponents: readonly number[] } | undefined,
    starts: readonly CpStart[] = [],
    compression: CpCompression | undefined;
  const exponents = new Array<number>(rank).fill(unit);
  if (compresses || compares) {
    const small = compresses ? compress(x, width, random(seed, "cp compression"), level.size) : undefined;
    if (small) compression = { ranks: small.core.shape, energy: small.energy };
    for (const round of race(
      small?.core ?? x,
      rank,
      small ? leastSquares(small.core, rank, { where, ridge }) : alternation,
      {
        count,
        seed,
        threshold,
        ridge,
        constraints,
        level: small && level.offset ? { ...level, offset: projectedOn(small, level.offset) } : level,
        sweeps: small ? 2000 : sweeps,
      },
    )) {
      if (small && !round.ends) continue; // a sweep of the core takes less time than a report of it
      const factors = small ? lifted(small, round.factors) : round.factors;
      from = { factors, exponents };
      starts = round.starts;
      const best = Math.min(...starts.map(({ relativeError }) => relativeError));
      yield {
        ...common,
        ...from,
        given: [],
        weights: round.weights,
        error: small ? liftedError(x, rank, factors, small.energy, best, level.size) : best,
        trace: [],
        stage: "start",
        status: "running",
        singular: false,
        starts,
        compression,
        momentum: null,
      };
    }
  }
  const resumed = typeof start === "object" && "momentum" in start ? start : undefined;
  if (!from) {
    const factors =
      typeof start === "object" ? startFactors(where, x, rank, start) : drawn(start, x, rank, seed, level);
    const resumes =
      resumed?.momentum?.of === timesPowerOfTwo(level.size, unit) &&
      JSON.stringify(resumed?.provenance?.options.constraints) === JSON.stringify(made.options.constraints);
    from = startInUnit(factors, { fixed, unit, resumes });
    if (!resumes) from = { ...from, factors: satisfying(from.factors, constraints, fixed) };
    Object.assign(common, { given: factors.map((f, mode) => (fixed.includes(mode) ? f : undefined)) });
  }
  const trace: number[] = [];
  for (const { factors, weights, error, singular, momentum, settled } of iterate(alternation, from.factors, {
    threshold,
    accelerates: accelerate,
    monotone: ridge === 0 && !constrained,
    of: timesPowerOfTwo(level.size, unit),
    resumed,
    fixed,
  })) {
    trace.push(error);
    const ends = settled || trace.length === sweeps,
      status: CpStatus = !ends
        ? "running"
        : singular || cancels(cpOf(factors, weights))
          ? "degenerate"
          : settled
            ? "converged"
            : "exhausted";
    yield {
      given: [],
      ...common,
      factors,
      weights,
      exponents: from.exponents,
      error,
      trace,
      stage: "sweeps",
      status,
      singular,
      starts,
      compression,
      momentum,
    };
    if (ends) return;
  }
}

const drawn = (start: "random" | "hosvd" | undefined, x: Tensor, rank: number, seed: number, level: Level): Matrix[] =>
  start === "hosvd" ? hosvdStart(x, rank, seed) : randomStart(x, rank, seed, level);

/**
 * CP decomposition (CANDECOMP/PARAFAC) of a tensor of any number of modes by alternating least squares: each sweep solves for the factor of every mode in turn.
 *
 * The result has unit columns, components sorted by weight, and the largest entry of every column positive but in the last mode; `raw` keeps the factors as they were.
 *
 * @param x - two modes or more, finite where observed
 * @param rank - number of components
 * @throws {@link LtrnnError} when x is not finite or the start does not fit
 * @remarks O(sweeps · entries · rank): two passes over x a sweep, for any number of modes; with a mask, the exact way costs rank / 2 times more. A start can stick: see the options `starts` and `compress`.
 * @see Kolda & Bader (2009), Tensor decompositions and applications, SIAM Review 51, section 3.4; the error from the last MTTKRP as in TensorLy
 * @example cpAls(cpToTensor({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([2, 1], [0, 1])] }), 1).weights.data // Float64Array [2]
 */
export function cpAls(x: Tensor, rank: number, options: CpOptions = {}): CpResult {
  let end: State | undefined;
  for (const state of alternate("cpAls", x, rank, options)) end = state;
  return resultOf(end as State);
}

/** Missing entries become NaN where they are to be imputed. */
function alternationOf(
  x: Tensor,
  rank: number,
  demands: Demands,
  mask: Tensor | undefined,
  missing: string,
  size: number,
): Alternation {
  if (!mask) return leastSquares(x, rank, demands, false, size);
  if (missing === "exact") return maskedLeastSquares(x, mask, rank, demands);
  return leastSquares(
    { shape: x.shape, data: x.data.map((value, at) => (mask.data[at] === 0 ? NaN : value)) },
    rank,
    demands,
    true,
    size,
  );
}

/** The factors of a start: those that its alternation has, where it is a result. */
function startFactors(
  where: string,
  x: Tensor,
  rank: number,
  start: readonly Matrix[] | Cp | CpResult,
): readonly Matrix[] {
  if (!("factors" in start)) {
    checkStartFactors(where, "start factor", start, x, rank);
    return start;
  }
  checkCp(where, start, "start");
  if (!("raw" in start)) {
    checkStartFactors(where, "start factor", start.factors, x, rank);
    return weightsInLast(where, start);
  }
  checkResult(where, start, x, rank);
  return start.raw;
}
