import { isRecord } from "../base";
import { addAndDot, dot } from "./flat";

/** A step s, how the gradient changed along it, y, and s'y, which is above 0. */
export interface CurvaturePair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly product: number;
}

/** The pairs with one more, the oldest left out beyond `most`; without it where its curvature is lost in rounding. */
export function withPair(
  pairs: readonly CurvaturePair[],
  most: number,
  s: Float64Array,
  y: Float64Array,
): readonly CurvaturePair[] {
  const product = dot(s, y);
  if (!(product > Number.EPSILON * Math.sqrt(dot(s, s)) * Math.sqrt(dot(y, y))) || !(scaleOf({ s, y, product }) > 0))
    return pairs;
  return [...pairs, { s, y, product }].slice(-most);
}

/** The step per gradient that fits a pair: s'y / y'y; 0 where it vanishes or overflows. */
export function scaleOf({ y, product }: CurvaturePair): number {
  const scale = product / dot(y, y);
  return Number.isFinite(scale) && Number.isFinite(product) ? scale : 0;
}

/**
 * Minus the inverse Hessian times the gradient, by two loops over the pairs, the inverse Hessian before them `scale`
 * times the identity. Every pass adds a multiple of one vector and takes the product with the next: pairs of many
 * parameters come from memory, and each vector of them only twice. Nocedal & Wright (2006), algorithm 7.4.
 */
export function quasiNewton(pairs: readonly CurvaturePair[], scale: number, gradient: Float64Array): Float64Array {
  const q = new Float64Array(gradient.length),
    weights = new Float64Array(pairs.length),
    newest = pairs.length - 1;
  for (let i = 0; i < q.length; i++) q[i] = -gradient[i];
  let product = newest >= 0 ? dot(pairs[newest].s, q) : 0;
  for (let k = newest; k >= 0; k--) {
    weights[k] = product / pairs[k].product;
    product = addAndDot(q, -weights[k], pairs[k].y, pairs[k > 0 ? k - 1 : 0].s);
  }
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  product = newest >= 0 ? dot(pairs[0].y, q) : 0;
  for (let k = 0; k <= newest; k++)
    product = addAndDot(q, weights[k] - product / pairs[k].product, pairs[k].s, pairs[k < newest ? k + 1 : newest].y);
  return q;
}

/** Whether it is a pair over so many entries. */
export const isPair = (pair: unknown, length: number): pair is CurvaturePair =>
  isRecord(pair) &&
  [pair.s, pair.y].every((x) => x instanceof Float64Array && x.length === length) &&
  typeof pair.product === "number" &&
  pair.product > 0 &&
  pair.product < Infinity;
