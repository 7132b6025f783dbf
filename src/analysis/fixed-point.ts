import { eigenvalues as eigenvaluesOf, type Eigenvalues } from "../linalg";
import type { Matrix, Vector } from "../tensor";
import type { Dynamics } from "./dynamics";
import { slopesAt } from "./reduced-flow";

/**
 * What the linearized dynamics do near a fixed point: "stable", all directions shrink; "unstable", all grow; "saddle",
 * some do; "marginal", none grows, but one cannot be decided numerically, or a unit is at the kink of its activation,
 * where there is no linearization.
 */
export type Stability = "stable" | "saddle" | "unstable" | "marginal";

/** A fixed point, or a slow point. Plain data. */
export interface FixedPoint {
  /** x (units) */
  readonly state: Vector;
  /** latent activity `c_r(k) b_r' phi(x)` (rank), for networks of low rank: there x = A kappa + W_in u + b */
  readonly kappa?: Vector;
  /** |dx/dt|² / 2 */
  readonly speed: number;
  readonly stability: Stability;
  /** directions in which the linearized dynamics grow */
  readonly unstable: number;
  /**
   * of the Jacobian, over the unit of tau; for networks of low rank those of the directions that recurrence acts on:
   * all others are -1 / tau. Where units have their own tau, of all directions
   */
  readonly eigenvalues: Eigenvalues;
  /** units at the kink of their activation */
  readonly kinks: readonly number[];
}

/** Real parts of at most this share of the largest |eigenvalue| count as zero. */
const close = 1e-7;

/** All properties of a fixed point. */
export function describePoint(
  dynamics: Dynamics,
  trial: number,
  x: Float64Array,
  speed: number,
  kinks: readonly number[] = [],
): FixedPoint {
  const { factors, units, taus, phi } = dynamics;
  const eigenvalues = spectrum(dynamics, trial, x);
  const most = eigenvalues.real.reduce(
      (size, real, k) => Math.max(size, Math.abs(real), Math.abs(eigenvalues.imaginary[k])),
      1 / taus.reduce((least, tau) => Math.min(least, tau)),
    ),
    unstable = eigenvalues.real.filter((real) => real > close * most).length;
  const undecided = kinks.length > 0 || eigenvalues.real.some((real) => Math.abs(real) <= close * most);
  const stability =
    kinks.length > 0 || (unstable === 0 && undecided)
      ? "marginal"
      : unstable === 0
        ? "stable"
        : unstable === units
          ? "unstable"
          : "saddle";
  const kappa = factors && factors.own > 0 ? latentActivityAt(dynamics, trial, x.map(phi.value)) : undefined;
  return {
    state: { shape: [units], data: x },
    ...(kappa ? { kappa } : {}),
    speed,
    stability,
    unstable,
    eigenvalues,
    kinks,
  };
}

/** `c_r(k) b_r' rates` of the components of the model. */
export function latentActivityAt({ factors, units }: Dynamics, trial: number, rates: Float64Array): Vector {
  if (!factors) return { shape: [0], data: new Float64Array(0) };
  const { right, scales, own } = factors,
    rank = right.shape[1],
    data = new Float64Array(own);
  const row = scales.shape[0] === 1 ? 0 : trial * rank;
  for (let i = 0; i < units; i++) for (let r = 0; r < own; r++) data[r] += right.data[i * rank + r] * rates[i];
  for (let r = 0; r < own; r++) data[r] *= scales.data[row + r];
  return { shape: [own], data };
}

/** Eigenvalues of (-I + W diag(phi'(x))) / tau: of low rank, of (-I + diag(c) B' diag(phi'(x)) A) / tau. */
function spectrum(dynamics: Dynamics, trial: number, x: Float64Array): Eigenvalues {
  const { factors, isLow, tau, taus, units } = dynamics,
    slopes = slopesAt(dynamics, x);
  if (tau === undefined) {
    // different tau do not commute with the factors: no reduction
    const { shape, data } = dynamics.weights(trial);
    return eigenvaluesOf({
      shape,
      data: data.map((weight, entry) => {
        const [i, j] = [Math.floor(entry / units), entry % units];
        return (weight * slopes[j] - (i === j ? 1 : 0)) / taus[i];
      }),
    });
  }
  let inner: Matrix;
  if (factors && isLow) {
    const { left, right, scales } = factors,
      rank = left.shape[1],
      row = scales.shape[0] === 1 ? 0 : trial * rank;
    const data = new Float64Array(rank * rank);
    for (let i = 0; i < units; i++)
      for (let r = 0; r < rank; r++) {
        const weight = scales.data[row + r] * right.data[i * rank + r] * slopes[i];
        if (weight !== 0) for (let s = 0; s < rank; s++) data[r * rank + s] += weight * left.data[i * rank + s];
      }
    inner = { shape: [rank, rank], data };
  } else {
    const w = dynamics.weights(trial);
    inner = { shape: w.shape, data: w.data.map((weight, entry) => weight * slopes[entry % units]) };
  }
  const { real, imaginary } = eigenvaluesOf(inner);
  return { real: real.map((value) => (value - 1) / tau), imaginary: imaginary.map((value) => value / tau) };
}
