import type { Evaluation } from "../optim";
import type { Params } from "../tensor";
import { checkEvaluation } from "./check-evaluation";

/** The evaluations of a line search at one step: the last and the lowest one are kept. */
export interface Visits<E extends Evaluation> {
  evaluate(params: Params): E | Promise<E>;
  /** the evaluation at these parameters, to the bit, if it is among those kept */
  at(params: Params): E | undefined;
}

interface Visit<E extends Evaluation> {
  readonly params: Params;
  readonly evaluation: E;
}

export function visitsOf<P extends Params, E extends Evaluation>(
  objective: (params: P, step: number) => E | Promise<E>,
  step: number,
): Visits<E> {
  let last: Visit<E> | undefined, lowest: Visit<E> | undefined;
  const keep = (params: Params, evaluation: E): E => {
    checkEvaluation(evaluation, params);
    last = { params, evaluation };
    if (!(lowest && evaluation.loss >= lowest.evaluation.loss)) lowest = last;
    return evaluation;
  };
  return {
    evaluate(params) {
      const evaluation = objective(params as P, step);
      return evaluation instanceof Promise ? evaluation.then((it) => keep(params, it)) : keep(params, evaluation);
    },
    at: (params) => [last, lowest].find((visit) => visit && sameBits(visit.params, params))?.evaluation,
  };
}

const sameBits = (p: Params, q: Params): boolean =>
  Object.keys(p).length === Object.keys(q).length &&
  Object.entries(p).every(([name, x]) => {
    const [a, b] = [x?.data, q[name]?.data];
    return a === b || (a !== undefined && b !== undefined && sameEntries(a, b));
  });

/** -0 and 0 differ, and NaN equals NaN. */
function sameEntries(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] || a[i] === 0) if (!Object.is(a[i], b[i])) return false;
  return true;
}
