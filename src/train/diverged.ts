import type { Overflow } from "../losses";
import type { Evaluation } from "../optim";
import { isOverflow } from "../run";
import { nonFiniteIn } from "./check-evaluation";

/** What a run means for training: where it overflowed, an evaluation that says so, of infinite loss. */
export function evaluationOf<R extends object, E extends Evaluation>(result: R | Overflow, evaluate: (run: R) => E): E {
  if (!isOverflow(result)) return evaluate(result);
  return { loss: Infinity, gradients: {}, divergence: result.divergence } as Evaluation as E;
}

/** An evaluation that says so where a gradient overflowed on its way from the network to the parameters that train. */
export function markDivergence<E extends Evaluation>(evaluation: E): E {
  const reason = nonFiniteIn(evaluation.gradients, (name) => `the gradient in ${name}`);
  return reason ? { ...evaluation, divergence: { reason } } : evaluation;
}
