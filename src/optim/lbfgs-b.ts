import { boundedLine, flatness, type LinePoint } from "./bounded-line";
import { cauchyPoint, clamped, type Bounds } from "./cauchy-point";
import { compactHessian } from "./compact-hessian";
import { withPair, type CurvaturePair } from "./curvature-pairs";
import { dot, minus } from "./flat";
import { subspaceMinimum } from "./subspace-minimum";
import type { Ending } from "./transform";

/** A loss and its gradient. */
export interface Evaluated {
  readonly loss: number;
  readonly gradient: Float64Array;
}

/** Where a bounded minimization stands. Plain data: with `x`, `pairs` and `idle` it goes on as it would have. */
export interface BoundedState extends Evaluated {
  readonly x: Float64Array;
  /** oldest first */
  readonly pairs: readonly CurvaturePair[];
  /** steps in a row that lowered the loss by rounding alone */
  readonly idle: number;
  /** why it ends here, where it does */
  readonly ending?: Ending;
}

const memory = 10,
  patience = 5;

/**
 * Limited-memory BFGS with bounds on the variables. It yields the start and the point after every step, and ends where
 * the projected gradient is 0, the loss is flat to rounding, or no step lowers it: the caller stops it before, by
 * {@link projectedGradient}.
 *
 * @param evaluate - the loss and its gradient at a point between the bounds
 * @remarks O(memory² · variables) a step, beside an evaluation or two.
 * @see Byrd, Lu, Nocedal & Zhu (1995), A limited memory algorithm for bound constrained optimization, SIAM J. Sci.
 * Comput. 16; Zhu, Byrd, Lu & Nocedal (1997), Algorithm 778: L-BFGS-B, ACM Trans. Math. Softw. 23
 */
export function* lbfgsB(
  evaluate: (x: Float64Array) => Evaluated,
  start: Pick<BoundedState, "x"> & Partial<Pick<BoundedState, "pairs" | "idle">>,
  bounds: Bounds,
): Generator<BoundedState> {
  const x = start.x.map((value, i) => clamped(value, bounds.lower[i], bounds.upper[i]));
  let state: BoundedState = { x, ...evaluate(x), pairs: start.pairs ?? [], idle: start.idle ?? 0 };
  if (!finite(state)) {
    yield { ...state, ending: { status: "diverged", reason: "the loss is not finite at the start" } };
    return;
  }
  for (;;) {
    const ending = endingOf(state, bounds);
    yield ending ? { ...state, ending } : state;
    if (ending) return;
    const next = stepFrom(state, evaluate, bounds) ?? stepFrom({ ...state, pairs: [] }, evaluate, bounds);
    if (!next) {
      yield {
        ...state,
        ending: { status: "exhausted", reason: "no step downhill lowers the loss: it may be flat to rounding there" },
      };
      return;
    }
    state = next;
  }
}

/** Minus the steepest descent that the bounds allow: 0 at a stationary point. */
export function projectedGradient({ x, gradient }: Pick<BoundedState, "x" | "gradient">, bounds: Bounds): Float64Array {
  return gradient.map((g, i) => (g > 0 ? (x[i] > bounds.lower[i] ? g : 0) : x[i] < bounds.upper[i] ? g : 0));
}

const finite = ({ loss, gradient }: Evaluated) => Number.isFinite(loss) && gradient.every(Number.isFinite);

function endingOf(state: BoundedState, bounds: Bounds): Ending | undefined {
  if (projectedGradient(state, bounds).every((g) => g === 0))
    return { status: "converged", reason: "the projected gradient is 0" };
  if (state.idle >= patience) return { status: "converged", reason: "the loss is flat to rounding" };
  return undefined;
}

/** What a gradient is divided by before there is curvature: a first step that x has no digits for would be none. */
function steepnessOf(slopes: Float64Array, scale: number): number {
  const largest = slopes.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  return largest === 0 ? 1 : Math.min(1, largest / (1e-3 * scale));
}

/** A point along the line. */
interface Visited extends LinePoint {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
}

function stepFrom(
  { x, loss, gradient, pairs, idle }: BoundedState,
  evaluate: (x: Float64Array) => Evaluated,
  bounds: Bounds,
): BoundedState | undefined {
  const { lower, upper } = bounds,
    scale = Math.sqrt(dot(x, x)) / 10 || 1,
    hessian = compactHessian(pairs, steepnessOf(projectedGradient({ x, gradient }, bounds), scale));
  if (!hessian) return undefined;
  const cauchy = cauchyPoint(x, gradient, bounds, hessian),
    direction = minus(subspaceMinimum(x, gradient, bounds, hessian, cauchy), x),
    slope = dot(direction, gradient);
  if (!(slope < 0)) return undefined;
  let longest = Infinity;
  for (let i = 0; i < x.length; i++)
    if (direction[i] !== 0)
      longest = Math.min(longest, ((direction[i] > 0 ? upper[i] : lower[i]) - x[i]) / direction[i]);
  const at = (step: number): Visited | undefined => {
    const point = x.map((value, i) => clamped(value + step * direction[i], lower[i], upper[i])),
      there = evaluate(point);
    if (!finite(there)) return undefined;
    return { step, loss: there.loss, slope: dot(direction, there.gradient), x: point, gradient: there.gradient };
  };
  // without curvature the length of the gradient means nothing: a tenth of the length of x is tried first at most
  const length = Math.sqrt(dot(direction, direction)),
    first = pairs.length > 0 ? 1 : Math.min(1, scale / length);
  const found = boundedLine(at, { step: 0, loss, slope }, first, Math.max(longest, 1));
  if (!found) return undefined;
  return {
    x: found.x,
    loss: found.loss,
    gradient: found.gradient,
    pairs: withPair(pairs, memory, minus(found.x, x), minus(found.gradient, gradient)),
    idle: loss - found.loss > flatness(loss) ? 0 : idle + 1,
  };
}
