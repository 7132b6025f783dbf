import type { Status } from "../base";
import { largestOf } from "../tensor";
import type { Bounds } from "./cauchy-point";
import { lbfgsB, projectedGradient, type BoundedState, type Evaluated } from "./lbfgs-b";

/** When a bounded descent ends. */
export interface DescentEnd {
  readonly steps: number;
  /** converged when the gradient times the largest variable is within this times {@link DescentEnd.span} */
  readonly tolerance: number;
  /** the loss that {@link DescentEnd.span} starts from; default that of the start */
  readonly first?: number | undefined;
  /** the change of the loss that gradients are held against; default what has been gained since `first` */
  readonly span?: (first: number, loss: number) => number;
  /** what a converged run says; default "the projected gradient is within the tolerance" */
  readonly because?: string;
}

/** A point of a bounded descent. */
export interface DescentPoint extends BoundedState {
  readonly first: number;
  /** the losses of the start and of every step; it grows from point to point */
  readonly trace: readonly number[];
  /** "running" until the last point */
  readonly status: Status;
  readonly reason: string;
}

/**
 * {@link lbfgsB} until the gradient is small for what the loss has gained, or steps run out. It yields after every
 * step; the start only where it is the end too.
 */
export function* boundedDescent(
  evaluate: (x: Float64Array) => Evaluated,
  start: Parameters<typeof lbfgsB>[1],
  bounds: Bounds,
  {
    steps,
    tolerance,
    first: given,
    span = (first, loss) => Math.abs(first - loss),
    because = "the projected gradient is within the tolerance",
  }: DescentEnd,
): Generator<DescentPoint> {
  const trace: number[] = [];
  let first = given;
  for (const state of lbfgsB(evaluate, start, bounds)) {
    const { x, loss, ending } = state;
    first ??= loss;
    if (!(ending && trace.length > 0 && trace[trace.length - 1] === loss)) trace.push(loss);
    const flat = largestOf(projectedGradient(state, bounds)) * largestOf(x) <= tolerance * span(first, loss),
      end =
        ending ??
        (trace.length > 1 && flat
          ? { status: "converged" as const, reason: because }
          : trace.length > steps
            ? { status: "exhausted" as const, reason: "steps ran out" }
            : undefined);
    if (trace.length > 1 || end)
      yield { ...state, first, trace, status: end?.status ?? "running", reason: end?.reason ?? "" };
    if (end) return;
  }
}
