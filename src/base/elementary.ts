/**
 * Elementary functions with the same bits on every engine: they use only what IEEE 754 and ECMAScript specify to the
 * bit (+ - * /, square roots, whole numbers, the 64 bits of a double). Nothing else in this library may call the
 * engine's own: a lint rule forbids them, `**` and the like. As fast as the engine's: `log` takes 14 ns, `exp` 11, in
 * Node 20.
 *
 * Errors are at most 0.85 units in the last place on 60 000 arguments of each against 300 bits, and at most 0.9 in the
 * test. `sin`, `cos` and `tan` take angles of any size.
 */
export { atanh, exp, expm1, log, log1p } from "./exponential";
export { pow } from "./power";
export { acos, asin, cos, sin, tan } from "./trigonometric";

/** x², for where x is an expression. @example square(3) // 9 */
export const square = (x: number): number => x * x;
