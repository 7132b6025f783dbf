import { LtrnnError, fail } from "../base";
import type { Evaluation } from "../optim";
import { nonFiniteIn } from "./check-evaluation";

/** What an error of a gradient means for training: a run that overflowed is a value; any other error stays one. */
export function divergedEvaluation<E extends Evaluation>(where: string, error: unknown): E {
  if (!(error instanceof LtrnnError)) throw error;
  const { expected, got, fix, divergence } = error;
  if (!divergence) fail(where, { expected, got, fix });
  return { loss: NaN, gradients: {}, divergence } as Evaluation as E;
}

/** An evaluation that says so where a gradient overflowed in the backward pass. */
export function markDivergence<E extends Evaluation>(evaluation: E): E {
  const reason = nonFiniteIn(evaluation.gradients, (name) => `the gradient in ${name}`);
  return reason ? { ...evaluation, divergence: { reason } } : evaluation;
}
