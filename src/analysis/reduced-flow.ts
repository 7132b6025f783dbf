import { orthonormalBasis } from "../linalg";
import { matmul, type Matrix, transpose, zeros } from "../tensor";
import { type Dynamics, type Factors, outerFactors } from "./dynamics";

/**
 * The affine subspace that holds every fixed point, `x = drive + Q z`: fixed points satisfy `x = W phi(x) + drive`.
 * In its coordinates W^(k) phi is `T diag(scales of k) right' phi`.
 */
export interface Subspace {
  /** Q (units × d), orthonormal columns that span those of left */
  readonly basis: Matrix;
  /** T = Q' left (d × rank) */
  readonly map: Matrix;
  readonly factors: Factors;
}

/** The subspace of a network whose weights have low rank, or of any network by the rank of its weights. */
export function subspaceOf(dynamics: Dynamics): Subspace {
  const factors = dynamics.factors ?? byRank(dynamics.weights(0));
  const basis = orthonormalBasis(factors.left);
  return { basis, map: matmul(transpose(basis), factors.left), factors };
}

function byRank(w: Matrix): Factors {
  const { left, right } = outerFactors(w),
    rank = left.shape[1];
  return { left, right, scales: { shape: [1, rank], data: new Float64Array(rank).fill(1) }, own: 0 };
}

/** T diag(scales of a trial) (d × rank), in row-major order. */
export function mapAt({ map, factors }: Subspace, trial: number): Float64Array {
  const rank = map.shape[1],
    row = factors.scales.shape[0] === 1 ? 0 : trial * rank;
  return map.data.map((x, i) => x * factors.scales.data[row + (i % rank)]);
}

/**
 * `f(z) = -z + P phi(drive + Q z)`, the right side of `tau dx/dt` in d coordinates; without a basis z is x - drive
 * itself.
 */
export interface ReducedFlow {
  readonly size: number;
  /** P (d × units) */
  readonly project: Matrix;
  readonly basis: Matrix | undefined;
  /** x (units) of z */
  stateOf(z: Float64Array): Float64Array;
  /** z of the point of the subspace that is nearest to x */
  coordinatesOf(x: Float64Array): Float64Array;
  /** f, in `out` (d) */
  velocity(z: Float64Array, out: Float64Array): Float64Array;
  /** df/dz (d × d) */
  jacobian(z: Float64Array): Matrix;
}

/** The reduced flow of a network at one trial. */
export function reducedFlow(dynamics: Dynamics, trial: number): ReducedFlow {
  const { units, phi, drive } = dynamics;
  const subspace = dynamics.isLow ? subspaceOf(dynamics) : undefined,
    basis = subspace?.basis;
  const project = subspace
      ? matmul({ shape: subspace.map.shape, data: mapAt(subspace, trial) }, transpose(subspace.factors.right))
      : dynamics.weights(trial),
    size = project.shape[0];
  const stateOf = (z: Float64Array): Float64Array => {
    const x = drive.slice();
    if (!basis) for (let i = 0; i < units; i++) x[i] += z[i];
    else
      for (let i = 0, entry = 0; i < units; i++)
        for (let k = 0; k < size; k++, entry++) x[i] += basis.data[entry] * z[k];
    return x;
  };
  return {
    size,
    project,
    basis,
    stateOf,
    coordinatesOf(x) {
      const out = new Float64Array(size);
      if (!basis) for (let i = 0; i < units; i++) out[i] = x[i] - drive[i];
      else
        for (let i = 0, entry = 0; i < units; i++)
          for (let k = 0; k < size; k++, entry++) out[k] += basis.data[entry] * (x[i] - drive[i]);
      return out;
    },
    velocity(z, out) {
      const rates = stateOf(z).map(phi.value);
      for (let k = 0, entry = 0; k < size; k++) {
        let sum = -z[k];
        for (let i = 0; i < units; i++, entry++) sum += project.data[entry] * rates[i];
        out[k] = sum;
      }
      return out;
    },
    jacobian: (z) => linearized(project, basis, slopesAt(dynamics, stateOf(z))),
  };
}

/** phi'(x), unit by unit. */
export const slopesAt = ({ phi }: Dynamics, x: Float64Array): Float64Array => x.map((value) => phi.derivative(value));

/** `-I + P diag(slopes) Q`. */
function linearized(project: Matrix, basis: Matrix | undefined, slopes: Float64Array): Matrix {
  const [size, units] = project.shape,
    out = zeros([size, size]);
  for (let k = 0; k < size; k++) {
    const row = k * size;
    if (!basis) for (let i = 0; i < units; i++) out.data[row + i] = project.data[k * units + i] * slopes[i];
    else
      for (let i = 0; i < units; i++) {
        const weight = project.data[k * units + i] * slopes[i];
        if (weight !== 0) for (let l = 0; l < size; l++) out.data[row + l] += weight * basis.data[i * size + l];
      }
    out.data[row + k] -= 1;
  }
  return out;
}
