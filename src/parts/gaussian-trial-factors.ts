import { readOptions, type FieldsOf } from "../base";
import { checkLabels, type Labels } from "../masks";
import { checkSameShape, zeros, type Matrix, type Vector } from "../tensor";
import { checkRows } from "./check-rows";
import { constantsOf } from "./constants";
import { choleskyRoot, leadingRoot } from "./covariance-root";
import { readGaussian, usualJitter, type TrialProcess } from "./gaussian-process";
import { krige } from "./krige";
import { rootProducts } from "./root-products";
import type { TrialPrediction, TrialPrior } from "./trial-factors";
import { whitenedPrior } from "./whitened-prior";

export interface TrialFactorOptions {
  /**
   * added to the diagonal: the variance of independent trial-to-trial noise. Default 1e-6 of the largest variance,
   * against rounding, and 0 with `basis`
   */
  readonly jitter?: number;
  /** a label per trial: a process has no covariance between epochs, so that factors may jump. Absent: all in one */
  readonly epochs?: Labels;
  /** whether factors have one mean, or one in each epoch; default "shared" */
  readonly constants?: "shared" | "perEpoch";
  /**
   * share of the variance that is kept, below 1: whitened factors are then those of the leading eigenvectors of the
   * covariance, as few as hold this share. Cheaper where factors are smooth over many trials. Absent: all of it
   */
  readonly basis?: number;
}

/** Parameters of smooth trial factors. */
export type GaussianParams = {
  /** whitened factors (trials × rank), or (eigenvectors × rank) with a basis */
  readonly z: Matrix;
  /** constant of each factor (rank), or (epochs × rank) */
  readonly m: Vector | Matrix;
};

/** Smooth trial factors, with the root of their covariance. */
export interface GaussianTrialFactors extends TrialPrior<GaussianParams> {
  /** L with L L' the covariance: (trials × trials), lower triangular, or (trials × eigenvectors) with a basis */
  readonly root: Matrix;
  /** what was added to the diagonal */
  readonly jitter: number;
}

const fields = {
  jitter: { is: "number", least: 0 },
  epochs: { is: "checked", check: checkLabels },
  constants: { is: "name", of: ["shared", "perEpoch"], fallback: "shared" },
  basis: { is: "number", above: 0, below: 1 },
} as const satisfies FieldsOf<TrialFactorOptions>;

/**
 * Trial factors as a Gaussian process, whitened: `c_r = m_r + L z_r` with `L L'` the covariance, so that a step in z is
 * a smooth step in c. L is the Cholesky factor, or with `basis` the leading eigenvectors times the roots of their
 * eigenvalues. The adjoint is `dz = L' dc`, and dm the sum of dc over trials. `predict` gives factors of new trials, by
 * the conditional of the process at their times (kriging).
 *
 * @param process - a kernel with the times of the trials, or a covariance (trials × trials), such as
 * {@link trialCovariance} gives it, which says nothing about other times
 * @throws {@link LtrnnError} when the covariance is not symmetric and positive definite, labels and trials differ in
 * number, or parameters have other shapes
 * @remarks Trials of one epoch at one time, without noise in the kernel, differ only by the jitter: the description
 * lists them as `repeatedTimes`. O(trials³) once; O(trials · columns · rank) for a value and its adjoint.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section 2.2: new trials
 * @example gaussianTrialFactors({ times: [0, 1, 5], length: 5 })({ z: zeros([3, 2]), m: tensor([2], [1,
 * -1]) })[0].data // [1, -1, 1, -1, 1, -1]
 */
export function gaussianTrialFactors(
  process: TrialProcess | Matrix,
  options: TrialFactorOptions = {},
): GaussianTrialFactors {
  const where = "gaussianTrialFactors",
    given = readOptions(where, options, fields),
    { basis, constants: about } = given,
    gaussian = readGaussian(where, process, given),
    { covariance, epochs } = gaussian,
    trials = covariance.shape[0],
    jitter = given.jitter ?? usualJitter(covariance, basis),
    blocks = gaussian.process ? epochs.rows : new Array<number>(trials).fill(0),
    { root, project } =
      basis === undefined ? choleskyRoot(where, covariance, jitter) : leadingRoot(covariance, jitter, blocks, basis),
    products = rootProducts(root),
    constants = constantsOf(trials, about === "perEpoch" ? epochs.rows : undefined, epochs.labels.length);
  const check = ({ z, m }: GaussianParams) => {
    checkRows(where, "z", z, root.shape[1], basis === undefined ? "trials" : "eigenvectors");
    checkSameShape(where, "m", m, constants.shape(z.shape[1]));
  };
  const factors = (params: GaussianParams) => {
    check(params);
    const c = constants.expand(params.m);
    products.addTo(c, params.z);
    const adjoint = (dc: Matrix): GaussianParams => {
      checkSameShape(where, "dc", dc, c.shape);
      return { z: products.adjoint(dc), m: constants.adjoint(dc) };
    };
    return [c, adjoint] as const;
  };
  const predict = (params: GaussianParams, times: readonly number[], newEpochs?: Labels): TrialPrediction => {
    check(params);
    return krige(where, { ...gaussian, project, jitter, perEpoch: about === "perEpoch" }, params, times, newEpochs);
  };
  const start = (rank: number): GaussianParams => ({ z: zeros([root.shape[1], rank]), m: constants.start(rank) });
  const description = {
    ...gaussian.description,
    ...(about === "perEpoch" ? { constants: about } : {}),
    ...(basis === undefined ? {} : { basis }),
    ...(given.jitter === undefined ? {} : { jitter }),
  };
  return Object.assign(factors, { description, trials, root, jitter, start, prior: whitenedPrior, predict });
}
