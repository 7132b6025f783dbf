import { readOptions, type FieldsOf } from "../base";
import { solveSymmetric } from "../linalg";
import { matmul, transpose, zeros, type Matrix, type Tensor3 } from "../tensor";
import { choleskyRoot, leadingRoot } from "./covariance-root";
import { kernelNames } from "./correlation";
import { rootProducts } from "./root-products";
import { trialCovariance } from "./trial-covariance";
import { checkAlpha, type TrialKernel } from "./trial-kernel";

/** How smooth inputs are over time: a Gaussian process of mean 0, the same for every input and condition. */
export interface TimeKernel extends Pick<TrialKernel, "kernel" | "sigma" | "alpha"> {
  /** length scale, in bins */
  readonly length: number;
  /**
   * share of the variance that is kept, below 1: inputs are then made of the leading eigenvectors only; default all
   * of it
   */
  readonly basis?: number;
}

const timeKernelFields = {
  kernel: { is: "name", of: kernelNames, fallback: "rationalQuadratic" },
  length: { is: "number", above: 0, needed: true },
  sigma: { is: "number", least: 1e-100, most: 1e100, fallback: 1 },
  alpha: { is: "number", above: 0 },
  basis: { is: "number", above: 0, below: 1 },
} as const satisfies FieldsOf<TimeKernel>;

/** Courses over time, made linearly of their parameters. */
export interface Courses {
  /** parameters of each course: bins, or eigenvectors of a basis */
  readonly size: number;
  /** parameters (rows × size × inputs) into courses (rows × bins × inputs) */
  courses(z: Tensor3): Tensor3;
  adjoint(dCourses: Tensor3): Tensor3;
  /** parameters that nearly give these courses */
  near(courses: Tensor3): Tensor3;
}

/** Every bin by itself. */
export const freeCourses = (bins: number): Courses => ({
  size: bins,
  courses: (z) => z,
  adjoint: (d) => d,
  near: (courses) => courses,
});

/** Refuse what is no {@link TimeKernel}. */
export function checkTimeKernel(where: string, name: string, given: TimeKernel): void {
  const { kernel, alpha } = readOptions(where, given, timeKernelFields, name);
  checkAlpha(where, name, kernel, alpha);
}

/** The share of a course's variance that {@link smoothCourses} treats as noise when it approximates courses. */
const noiseOfNear = 0.01;

/**
 * Smooth courses, whitened: `u = L z` with `L L'` the covariance over bins, plus 1e-6 of the variance on its diagonal
 * against rounding, so that z is standard normal where u is the process.
 */
export function smoothCourses(where: string, bins: number, { basis, sigma = 1, ...kernel }: TimeKernel): Courses {
  const times = Array.from({ length: bins }, (_, t) => t),
    covariance = trialCovariance(times, { ...kernel, sigma }),
    variance = sigma * sigma;
  const { root } =
    basis === undefined
      ? choleskyRoot(where, covariance, 1e-6 * variance)
      : leadingRoot(covariance, 0, new Array<number>(bins).fill(0), basis);
  const size = root.shape[1],
    products = rootProducts(root);
  const byRow = (x: Tensor3, rowsOut: number, map: (row: Matrix) => Matrix): Tensor3 => {
    const [rows, rowsIn, inputs] = x.shape,
      out = zeros([rows, rowsOut, inputs]);
    for (let row = 0; row < rows; row++) {
      const part = x.data.subarray(row * rowsIn * inputs, (row + 1) * rowsIn * inputs);
      out.data.set(map({ shape: [rowsIn, inputs], data: part }).data, row * rowsOut * inputs);
    }
    return out;
  };
  return {
    size,
    courses: (z) =>
      byRow(z, bins, (row) => {
        const course = zeros([bins, row.shape[1]]);
        products.addTo(course, row);
        return course;
      }),
    adjoint: (d) => byRow(d, size, (row) => products.adjoint(row)),
    near(courses) {
      // the mean of z given the courses with noise on them: (L' L + noise) z = L' u
      const normal = matmul(transpose(root), root);
      for (let i = 0; i < size; i++) normal.data[i * (size + 1)] += noiseOfNear * variance;
      return byRow(courses, size, (row) => solveSymmetric(normal, products.adjoint(row)).x);
    },
  };
}
