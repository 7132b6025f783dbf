import { fail, provenance, random, type Provenance } from "../base";
import { kernelsFor } from "../kernels";
import { checkFinite, type Matrix, type Tensor } from "../tensor";
import { leastSquares, type Alternation, type Demands } from "./alternation";
import { compress, coreTolerance, lifted, oversampling } from "./compression";
import { satisfying } from "./constraints";
import { canonical, weightsInLast, type Cp } from "./cp";
import { checkCall } from "./cp-check";
import type { CpCompression, CpOptions, CpResult, CpStatus } from "./cp-options";
import { hosvdStart, randomStart } from "./cp-starts";
import { iterate, type Momentum } from "./iterate";
import { maskedLeastSquares } from "./masked";
import { race, type CpStart } from "./race";

/**
 * The stepwise form of {@link cpAls}: it yields after every sweep.
 *
 * @example [...cpAlsSweeps(zeros([2, 2, 2]), 1, { sweeps: 3 })].length // 1: zero is reached at once
 */
export function* cpAlsSweeps(x: Tensor, rank: number, options: CpOptions = {}): Generator<CpResult> {
  for (const state of alternate(x, rank, options)) yield resultOf(state);
}

/** The alternation after a sweep; arrays are the loop's own. */
interface State {
  readonly factors: readonly Matrix[];
  readonly error: number;
  readonly trace: readonly number[];
  readonly stage: CpResult["stage"];
  readonly status: CpStatus;
  readonly singular: boolean;
  readonly starts: readonly CpStart[];
  readonly compression?: CpCompression;
  readonly momentum: Momentum | null;
  readonly fixed: readonly number[];
  readonly provenance: Provenance;
}

const resultOf = ({
  factors,
  error,
  trace,
  stage,
  status,
  singular,
  starts,
  compression,
  momentum,
  fixed,
  provenance: made,
}: State): CpResult => ({
  ...canonical({ weights: unitWeights(factors), factors }, fixed),
  relativeError: error,
  trace: [...trace],
  sweeps: trace.length,
  stage,
  status,
  solver: singular ? "pseudo-inverse" : "cholesky",
  starts,
  ...(compression ? { compression } : {}),
  raw: [...factors],
  momentum,
  provenance: made,
});

function* alternate(x: Tensor, rank: number, options: CpOptions): Generator<State> {
  const {
    seed = 0,
    start,
    sweeps = 500,
    tolerance = 1e-8,
    ridge = 0,
    mask,
    missing = "exact",
    fixed = [],
    constraints = [],
    accelerate = !constraints.some(Boolean),
  } = options;
  const size = checkCall(x, rank, options);
  const width = rank + oversampling,
    coreEntries = x.shape.reduce((product, size) => product * Math.min(size, width), 1);
  const compressible = start === undefined && !mask && fixed.length === 0 && !constraints.some(Boolean),
    pays = x.data.length >= 2 ** 18 && 8 * coreEntries <= x.data.length;
  const compresses = options.compress ?? (compressible && pays),
    count = options.starts ?? (compresses ? 6 : 1),
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
  const demands: Demands = { ridge, fixed, constraints },
    alternation = alternationOf(x, rank, demands, mask, missing, size);
  const common = { fixed, provenance: made };
  let factors: readonly Matrix[] | undefined,
    starts: readonly CpStart[] = [],
    compression: CpCompression | undefined;
  if (compresses || compares) {
    const small = compresses ? compress(x, width, random(seed, "cp compression"), size) : undefined;
    if (small) compression = { ranks: small.core.shape, energy: small.energy };
    for (const round of race(small?.core ?? x, rank, small ? leastSquares(small.core, rank, { ridge }) : alternation, {
      count,
      seed,
      tolerance,
      ridge,
      constraints,
      sweeps: small ? 2000 : sweeps,
    })) {
      if (small && !round.ends) continue; // a sweep of the core takes less time than a report of it
      factors = small ? lifted(small, round.factors) : round.factors;
      starts = round.starts;
      const best = Math.min(...starts.map(({ relativeError }) => relativeError));
      yield {
        ...common,
        factors,
        error: small ? Math.sqrt(Math.max(0, 1 - small.energy + small.energy * best * best)) : best,
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
  factors ??= satisfying(
    start === "hosvd"
      ? hosvdStart(x, rank, seed)
      : start === undefined || start === "random"
        ? randomStart(x, rank, seed)
        : startFactors(x, rank, start),
    constraints,
  );
  const trace: number[] = [],
    resumed = typeof start === "object" && "momentum" in start ? start : undefined;
  for (const { factors: now, error, singular, momentum, settled } of iterate(alternation, factors, {
    tolerance,
    accelerates: accelerate,
    monotone: ridge === 0 && !constraints.some(Boolean),
    resumed,
    fixed,
  })) {
    trace.push(error);
    const status: CpStatus =
      settled || trace.length === sweeps ? (singular ? "degenerate" : settled ? "converged" : "exhausted") : "running";
    yield { ...common, factors: now, error, trace, stage: "sweeps", status, singular, starts, compression, momentum };
    if (status !== "running") return;
  }
}

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
  for (const state of alternate(x, rank, options)) end = state;
  return resultOf(end!);
}

/** What to do after a decomposition that ended so. */
export function cpAdvice(status: CpStatus): string {
  return {
    running: "The run goes on: ask the generator for its next sweep.",
    converged: "The error has settled. A start can stick: compare several, by the option starts, or a few seeds.",
    exhausted: "Sweeps ran out before the error settled: go on from this result as start, with more sweeps.",
    degenerate:
      "Normal equations are singular: components repeat, vanish or grow against each other. Lower the rank, or add a small ridge.",
  }[status];
}

/** Missing entries become NaN where they are to be imputed. */
function alternationOf(
  x: Tensor,
  rank: number,
  demands: Demands,
  mask: Tensor | undefined,
  missing: "exact" | "impute",
  size?: number,
): Alternation {
  if (!mask) return leastSquares(x, rank, demands, false, size);
  if (missing === "exact") return maskedLeastSquares(x, mask, rank, demands);
  return leastSquares(
    { shape: x.shape, data: x.data.map((value, at) => (mask.data[at] === 0 ? NaN : value)) },
    rank,
    demands,
    true,
  );
}

const unitWeights = (factors: readonly Matrix[]) => ({
  shape: [factors[0].shape[1]] as const,
  data: new Float64Array(factors[0].shape[1]).fill(1),
});

function startFactors(x: Tensor, rank: number, start: readonly Matrix[] | Cp | CpResult): Matrix[] {
  const isCp = "factors" in start;
  const factors = isCp ? ("raw" in start ? start.raw : weightsInLast("cpAls", start)) : start;
  const got = factors.map((f) => f.shape.join(" × ")).join(", "),
    want = x.shape.map((size) => `${size} × ${rank}`).join(", ");
  if (got !== want)
    fail("cpAls", {
      expected: `start factors of shapes ${want}`,
      got,
      fix: "Start from factors of this rank, one per mode.",
    });
  factors.forEach((f, mode) => checkFinite("cpAls", `start factor ${mode}`, f));
  return [...factors];
}
