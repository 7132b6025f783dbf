/** An activation phi, entry by entry. Each is a file of its own, and one entry in activations.ts. */
export interface ActivationFunction {
  /** phi(x); NaN stays NaN */
  readonly value: (x: number) => number;
  /** `d phi'(x)`, from h = phi(x) */
  readonly pull: (d: number, h: number) => number;
  /** what phi takes values between, ends included that it only comes near to */
  readonly range: readonly [least: number, most: number];
  /** the x of phi(x) = h, or that of the nearest rate which phi reaches with ease */
  readonly inverse: (h: number) => number;
  /** whether phi(-x) = -phi(x) */
  readonly odd: boolean;
  /** whether phi(s x) = s phi(x) for all s > 0 */
  readonly homogeneous: boolean;
}
