import { fail, show } from "../base";
import type { Params, Tensor } from "../tensor";

/** What a part is, as plain data. */
export interface PartDescription {
  readonly kind: string;
  readonly [fact: string]: unknown;
}

/** As methods', so that a part with parameters of known names is also one with parameters of any names. */
type Evaluate<P extends Params, V extends Tensor | Params> = {
  at(params: P): readonly [value: V, adjoint: Adjoint<P, V>];
}["at"];
type Adjoint<P extends Params, V extends Tensor | Params> = { at(dValue: V): P }["at"];

/**
 * A differentiable part of a fit: a function from its parameters to a value and the adjoint, which maps the gradient in
 * the value to gradients in the parameters.
 *
 * @typeParam P - its parameters, a record of tensors
 * @typeParam V - what it makes of them
 */
export type Part<P extends Params, V extends Tensor | Params> = Evaluate<P, V> & {
  readonly description: PartDescription;
  /**
   * minus the logarithm of the prior of its parameters, up to a constant, with its gradient, if it has one: a fit adds
   * it to the loss, weighed by the noise of the activity. A parameter that the gradient leaves out has no prior
   */
  readonly prior?: Energy<P>;
  /** a penalty that a fit adds to the loss unweighed, with its gradient, if the part has one */
  readonly penalty?: Energy<P>;
};

type Energy<P extends Params> = { at(params: P): readonly [value: number, gradient: P] }["at"];

/** Independent standard normal parameters: half their squared length. */
export function standardNormal<P extends Params>(params: P): readonly [value: number, gradient: P] {
  let squares = 0;
  for (const x of Object.values(params)) for (const value of x?.data ?? []) squares += value * value;
  return [squares / 2, params];
}

/** Refuse what is no part. */
export function checkPart(where: string, name: string, part: unknown, maker: string): void {
  const { description } = (part ?? {}) as Partial<Part<Params, Tensor>>;
  if (typeof part !== "function" || typeof description?.kind !== "string")
    fail(where, {
      expected: `${name} to be a part: a function that returns [value, adjoint], with a description { kind, … }`,
      got: show(part),
      fix: `Make it with ${maker}, or as docs/extend.md shows.`,
    });
}

/** The entries of a record by these names. */
export function pick<P extends Params>(all: Params, names: readonly string[]): P {
  return Object.fromEntries(names.filter((name) => all[name]).map((name) => [name, all[name]])) as P;
}
