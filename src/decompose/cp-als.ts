import { checkAbove, checkWhole, fail, provenance, random, type Provenance } from "../base";
import { kernelsFor } from "../kernels";
import { checkFinite, checkSameShape, checkTensor, zeros, type Matrix, type Tensor } from "../tensor";
import { leastSquares, type Alternation } from "./alternation";
import { canonical, weightsInLast, type Cp } from "./cp";
import { checkObserved, maskedLeastSquares } from "./masked";

/** How a run of ALS stands: "degenerate" where normal equations were singular to rounding in the last sweep, so the components are not unique. */
export type CpStatus = "running" | "converged" | "exhausted" | "degenerate";

/** One state of the alternation: progress, result and checkpoint in one. Plain data; it is itself a start. */
export interface CpResult extends Cp {
  /** `‖x - x̂‖ / ‖x‖` */
  readonly relativeError: number;
  /** the relative error after each sweep of this run */
  readonly trace: readonly number[];
  /** sweeps made */
  readonly sweeps: number;
  readonly status: CpStatus;
  /** the factors as the alternation has them, scale and order untouched: what the next sweep starts from */
  readonly raw: readonly Matrix[];
  readonly provenance: Provenance;
}

export interface CpOptions {
  /** of the random start; default 0 */
  readonly seed?: number;
  /** factors to start from, or an earlier result; default: normal random factors */
  readonly start?: readonly Matrix[] | Cp | CpResult;
  /** at most so many; default 500 */
  readonly sweeps?: number;
  /** converged when a sweep lowers the relative error by no more than this; default 1e-8 */
  readonly tolerance?: number;
  /** added to the diagonal of every normal equation: shrinks factors that grow against each other. Default 0 */
  readonly ridge?: number;
  /** 1 observed, 0 missing; entries under 0 are never read, and errors are over the others */
  readonly mask?: Tensor;
  /** with a mask: "exact" least squares row by row (default), or "impute" from the model, cheaper a sweep, and slower to settle the more is missing */
  readonly missing?: "exact" | "impute";
}

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
  readonly trace: readonly number[];
  readonly status: CpStatus;
  readonly provenance: Provenance;
}

const resultOf = ({ factors, trace, status, provenance: made }: State): CpResult => ({
  ...canonical({ weights: unitWeights(factors), factors }), relativeError: trace[trace.length - 1], trace: [...trace], sweeps: trace.length, status, raw: [...factors], provenance: made,
});

function* alternate(x: Tensor, rank: number, { seed = 0, start, sweeps = 500, tolerance = 1e-8, ridge = 0, mask, missing = "exact" }: CpOptions): Generator<State> {
  checkTensor("cpAls", "x", x);
  if (x.shape.length < 2) fail("cpAls", { expected: "a tensor of two modes or more", got: `shape (${x.shape.join(" × ")})`, fix: "A vector is its own decomposition." });
  if (missing !== "exact" && missing !== "impute") fail("cpAls", { expected: 'missing to be "exact" or "impute"', got: String(missing), fix: "Name one of the two." });
  if (mask) {
    checkSameShape("cpAls", "mask", mask, x.shape);
    checkObserved("cpAls", mask);
  }
  checkFinite("cpAls", "x", x, mask);
  checkWhole("cpAls", "rank", rank, 1);
  checkWhole("cpAls", "sweeps", sweeps, 1);
  checkAbove("cpAls", "tolerance", tolerance, 0, true);
  checkAbove("cpAls", "ridge", ridge, 0, true);
  const factors = start ? startFactors(x, rank, start) : drawFactors(x, rank, seed);
  const made = provenance("cpAls", start ? null : seed, { rank, start: start ? "given" : "random", sweeps, tolerance, ridge, missing: mask ? missing : "none", kernels: kernelsFor("float64").name });
  const alternation = alternationOf(x, rank, ridge, mask, missing), trace: number[] = [];
  for (let sweep = 1; ; sweep++) {
    const singular = alternation.sweep(factors);
    trace.push(alternation.relativeError(factors));
    const before = sweep === 1 ? Infinity : trace[sweep - 2], now = trace[sweep - 1];
    const settled = now === 0 || Math.abs(before - now) <= tolerance;
    const status: CpStatus = settled || sweep === sweeps ? (singular ? "degenerate" : settled ? "converged" : "exhausted") : "running";
    yield { factors, trace, status, provenance: made };
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
 * @remarks O(sweeps · entries · rank): two passes over x a sweep, for any number of modes; with a mask, the exact way costs rank / 2 times more. Starts can stick: take the best of several seeds.
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
    converged: "The error has settled. Starts can stick: compare a few seeds.",
    exhausted: "Sweeps ran out before the error settled: go on from this result as start, with more sweeps.",
    degenerate: "Normal equations are singular: components repeat, vanish or grow against each other. Lower the rank, or add a small ridge.",
  }[status];
}

/** Missing entries become NaN where they are to be imputed. */
function alternationOf(x: Tensor, rank: number, ridge: number, mask: Tensor | undefined, missing: "exact" | "impute"): Alternation {
  if (!mask) return leastSquares(x, rank, ridge);
  if (missing === "exact") return maskedLeastSquares(x, mask, rank, ridge);
  return leastSquares({ shape: x.shape, data: x.data.map((value, at) => (mask.data[at] === 0 ? NaN : value)) }, rank, ridge, true);
}

const unitWeights = (factors: readonly Matrix[]) => ({ shape: [factors[0].shape[1]] as const, data: new Float64Array(factors[0].shape[1]).fill(1) });

function drawFactors(x: Tensor, rank: number, seed: number): Matrix[] {
  checkAbove("cpAls", "seed", seed, -Infinity);
  return x.shape.map((rows, mode) => {
    const stream = random(seed, `cp start, mode ${mode}`), f = zeros([rows, rank]);
    for (let at = 0; at < f.data.length; at++) f.data[at] = stream.normal();
    return f;
  });
}

function startFactors(x: Tensor, rank: number, start: readonly Matrix[] | Cp | CpResult): Matrix[] {
  const isCp = "factors" in start;
  const factors = isCp ? ("raw" in start ? start.raw : weightsInLast("cpAls", start)) : start;
  const got = factors.map((f) => f.shape.join(" × ")).join(", "), want = x.shape.map((size) => `${size} × ${rank}`).join(", ");
  if (got !== want) fail("cpAls", { expected: `start factors of shapes ${want}`, got, fix: "Start from factors of this rank, one per mode." });
  factors.forEach((f, mode) => checkFinite("cpAls", `start factor ${mode}`, f));
  return [...factors];
}
