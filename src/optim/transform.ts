import { mapParams, type Params } from "../tensor";

/**
 * Whether updates stay in the span of the gradients seen so far, array by array (theory B1): only then do the rank bounds of linear
 * learning hold. Optimizers that scale entries one by one leave it (theory B5).
 */
export type Span = { readonly preserved: true } | { readonly preserved: false; readonly because: string };

/** A gradient transform: a pair of pure functions. It remembers nothing; memory goes in and comes out, as plain data. */
export interface Transform<M = any> {
  /** what it is, as in the code that made it */
  readonly name: string;
  readonly span: Span;
  init(params: Params): M;
  /** gradients into updates, to be added to the parameters */
  update(gradients: Params, memory: M, params: Params): readonly [updates: Params, memory: M];
}

/** A learning rate, or one that depends on the updates made so far, from 0. */
export type Schedule = number | ((step: number) => number);

export const preserved: Span = { preserved: true };

/** Zeros in the shape of every parameter. */
export const zerosLike = (params: Params): Params => mapParams(params, (data) => new Float64Array(data.length));

/**
 * One transform after another: `chain(clipByNorm(1), adam(1e-3))`. It preserves the span of gradients if all its parts do.
 *
 * @example chain(clipByNorm(1), sgd(0.1)).span.preserved // true
 */
export function chain(...parts: readonly Transform[]): Transform<unknown[]> {
  return {
    name: `chain(${parts.map((part) => part.name).join(", ")})`,
    span: parts.find((part) => !part.span.preserved)?.span ?? preserved,
    init: (params) => parts.map((part) => part.init(params)),
    update(gradients, memory, params) {
      const next: unknown[] = [];
      let updates = gradients;
      parts.forEach((part, i) => {
        const [out, kept] = part.update(updates, memory[i], params);
        updates = out;
        next.push(kept);
      });
      return [updates, next];
    },
  };
}

/** The parameters after an update: `p + u`, for those that have one; others stay the same tensors. */
export function applyUpdates<P extends Params>(params: P, updates: Params): P {
  return mapParams(params, (data, name) => {
    const u = updates[name]?.data;
    if (!u) return data;
    const moved = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) moved[i] = data[i] + u[i];
    return moved;
  });
}
