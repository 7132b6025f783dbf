/** What drives a trial at a step. */
export interface TangentStep {
  readonly step: number;
  /** what rates are along the rows of the span: kappa = B' phi(x) first */
  readonly latent: Float64Array;
  /** u (inputs) */
  readonly inputs: Float64Array;
  /** c (rank) */
  readonly factors: Float64Array;
}

/** A direction of parameters, by what it does to the states of a trial, in the coordinates of the network's span. */
export interface Tangent {
  /** a coordinate of x_0 that it moves, and by how much */
  readonly start?: readonly [coordinate: number, amount: number];
  /** adds what it does to the drive of a step */
  drive?(at: TangentStep, add: (coordinate: number, amount: number) => void): void;
}

/** A trial's factor c_r: `a_r (b_r' h)`. */
export const factorTangents = (rank: number): readonly Tangent[] =>
  Array.from({ length: rank }, (_, r) => ({ drive: ({ latent }, add) => add(r, latent[r]) }) satisfies Tangent);
