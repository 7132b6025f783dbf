/**
 * Elementary functions with the same bits on every engine. Nothing else in this library may call the engine's own: a lint
 * rule forbids them, `**` and the like.
 */
export { atanh, exp, expm1, log, log1p } from "./exponential";
export { pow } from "./power";
export { acos, asin, cos, sin, tan } from "./trigonometric";

/** x², for where x is an expression. @example square(3) // 9 */
export const square = (x: number): number => x * x;
