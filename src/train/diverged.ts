import type { Overflow } from "../losses";
import type { Evaluation } from "../optim";
import { isOverflow } from "../run";
import { nonFiniteIn } from "./check-evaluation";

/** A run as an evaluation for training: where it overflowed, one with an infinite loss that says so. */
export function evaluationOf<R extends object, E extends Evaluation>(result: R | Overflow, evaluate: (run: R) => E): E {
  if (!isOverflow(result)) return evaluate(result);
  return { loss: Infinity, gradients: {}, divergence: result.divergence } as Evaluation as E;
}

/** The evaluation, marked as diverged where a gradient overflowed between the network and the parameters that train. */
export function markDivergence<E extends Evaluation>(evaluation: E): E {
  const reason = nonFiniteIn(evaluation.gradients, (name) => `the gradient in ${name}`);
  return reason ? { ...evaluation, divergence: { reason } } : evaluation;
}
