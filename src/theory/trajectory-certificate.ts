import { checkWhole, fail, type FieldsOf, provenance, readOptions, readPart } from "../base";
import {
  checkSameShape,
  checkTensor,
  finiteMatrix,
  finiteTensor3,
  matmul,
  type Matrix,
  norm,
  subtract,
  type Tensor3,
  transpose,
  type Vector,
  zeros,
} from "../tensor";
import type { Certificate, CertificateState } from "./certificate";
import { grow } from "./grow";
import { alphaField, withOneAlpha } from "./one-alpha";
import { spectralNormAtMost } from "./spectral-norm";
import { stacked } from "./stacked";

/**
 * One update of training, such as an evaluation by `trajectoryObjective` with the coefficient added. It may hold more.
 */
export interface TrainingStep {
  /** lambda_0 .. lambda_T (trials × (time + 1) × units) */
  readonly adjoints: Tensor3;
  /** h_0 .. h_T (trials × (time + 1) × units) */
  readonly rates: Tensor3;
  /** dt / tau, of all units or of each (units) */
  readonly alpha: number | Vector;
  /**
   * At least the size of the gradient's coefficient in the weights of every later step: the learning rate for gradient
   * descent, rate / (1 - beta) with momentum.
   */
  readonly coefficient: number;
  /**
   * W before the update: then `rounding` includes that of the sum. Default none, which is right where weights start
   * from zero; needed where weights are far larger than their change
   */
  readonly weights?: Matrix;
}

const trainingStep = {
  adjoints: { is: "checked", check: finiteTensor3, needed: true },
  rates: { is: "checked", check: finiteTensor3, needed: true },
  alpha: alphaField,
  coefficient: { is: "number", least: 0, needed: true },
  weights: { is: "checked", check: finiteMatrix },
} as const satisfies FieldsOf<TrainingStep>;

const certificateState = {
  columns: { is: "checked", check: finiteMatrix, needed: true },
  rows: { is: "checked", check: finiteMatrix, needed: true },
  updates: { is: "whole number", least: 0, needed: true },
  bound: { is: "number", least: 0, needed: true },
  tensorBound: { is: "number", least: 0, needed: true },
  rounding: { is: "number", least: 0, needed: true },
} as const satisfies FieldsOf<CertificateState>;

export interface CertificateOptions {
  /**
   * The share of the norm of Lambda, or of H, that may lie outside a subspace before it grows, in (0, 1): smaller is a
   * sharper bound on more dimensions.
   */
  readonly tolerance: number;
}

const certificateOptions = {
  tolerance: { is: "number", above: 0, below: 1, needed: true },
} as const satisfies FieldsOf<CertificateOptions>;

/** The three functions of a fold over the updates of training. */
export interface TrajectoryCertificate {
  /** the state before the first update, for a network with this number of units */
  init(units: number): CertificateState;
  /** the state after one more update */
  update(state: CertificateState, step: TrainingStep): CertificateState;
  /**
   * the certificate; with the change `W(s) - W(0)` after the last update, also the true error, which is never above the
   * bound
   */
  read(state: CertificateState, change?: Matrix): Certificate;
}

/**
 * A certificate that weight changes are near low rank, for any activation, made while training runs: a fold over the
 * updates.
 *
 * Every update is a multiple of `alpha Lambda H'`; the parts of Lambda and H outside two growing subspaces P and Q add
 * to `bound_s = alpha sum_j |w_j| (‖(I-P) Lambda_j‖_F ‖H_j‖_2 + ‖Lambda_j‖_2 ‖(I-Q) H_j‖_F)`.
 *
 * @throws {@link LtrnnError} for a tolerance outside (0, 1), arrays that disagree or are not finite, or a certificate
 * read before the first update
 * @remarks An update costs O(trials · time · units²); the bound holds up to rounding of about `rounding`.
 * @see docs/theory.md C1
 * @example trajectoryCertificate({ tolerance: 0.05 }).init(100).updates // 0
 */
export function trajectoryCertificate(options: CertificateOptions): TrajectoryCertificate {
  const where = "trajectoryCertificate";
  const { tolerance } = readOptions<CertificateOptions, typeof certificateOptions>(where, options, certificateOptions);
  const readState = (state: CertificateState) =>
    readPart<CertificateState, typeof certificateState>(where, state, certificateState, "state");
  return {
    init(units) {
      checkWhole(where, "units", units, 1);
      const none: Matrix = zeros([units, 0]);
      return { columns: none, rows: none, updates: 0, bound: 0, tensorBound: 0, rounding: 0 };
    },

    update(state, step) {
      const { columns, rows, updates, bound, tensorBound, rounding } = readState(state);
      const read = readPart<TrainingStep, typeof trainingStep>(where, step, trainingStep, "step"),
        { rates, coefficient, weights } = read,
        { adjoints, alpha } = withOneAlpha(where, read.adjoints, read.alpha);
      checkSameShape(where, "rates", rates, adjoints.shape);
      if (adjoints.shape[2] !== columns.shape[0])
        fail(where, {
          expected: `${columns.shape[0]} units, as the state`,
          got: String(adjoints.shape[2]),
          fix: "Start with init(units) of this network.",
        });
      if (weights) checkSameShape(where, "weights", weights, [columns.shape[0], columns.shape[0]]);
      const lambda = stacked(adjoints, 1),
        h = stacked(rates, 0),
        lambdaSize = norm(lambda),
        hSize = norm(h);
      const left = grow(columns, lambda, tolerance * lambdaSize),
        right = grow(rows, h, tolerance * hSize);
      const outside = left.left * spectralNormAtMost(h, hSize) + spectralNormAtMost(lambda, lambdaSize) * right.left;
      const after = bound + alpha * coefficient * outside;
      return {
        columns: left.basis,
        rows: right.basis,
        updates: updates + 1,
        bound: after,
        tensorBound: norm({ shape: [2], data: Float64Array.of(tensorBound, after) }),
        rounding:
          rounding + Number.EPSILON * (alpha * coefficient * lambdaSize * hSize + (weights ? norm(weights) : 0)),
      };
    },

    read(state, change) {
      const { columns, rows, updates, bound, tensorBound, rounding } = readState(state);
      const units = columns.shape[0],
        [rl, rh] = [columns.shape[1], rows.shape[1]];
      if (updates === 0)
        fail(where, { expected: "at least one update", got: "none", fix: "Fold update over the training run first." });
      if (change !== undefined) {
        checkTensor(where, "change", change, 2);
        checkSameShape(where, "change", change, [units, units]);
        finiteMatrix(where, "change", change);
      }
      const error = change && norm(subtract(change, projected(change, columns, rows)));
      const broken = error !== undefined && error > bound + 16 * rounding;
      return {
        status: broken ? "broken" : "holds",
        ranks: [rl, rh],
        ...(Math.min(rl, rh) >= units ? { vacuous: true as const } : {}),
        bound,
        tensorBound,
        multilinear: [rl, rh, Math.min(updates, rl * rh)],
        cp: Math.min(rl * rh, rl * updates, rh * updates),
        ...(error === undefined ? {} : { error }),
        columns,
        rows,
        rounding,
        statement: broken
          ? `W(s) - W(0) is ${error.toPrecision(3)} outside, above the bound ${bound.toPrecision(3)}: ` +
            "coefficients were larger than declared, or updates were not combinations of gradients"
          : `W(s) - W(0) is within ${bound.toPrecision(3)} (Frobenius) of a matrix ` +
            `with columns in ${rl} and rows in ${rh} dimensions`,
        provenance: provenance(where, null, { tolerance }, { updates }),
      };
    },
  };
}

/** P m Q, for P = columns columns' and Q = rows rows'. */
const projected = (m: Matrix, columns: Matrix, rows: Matrix): Matrix =>
  matmul(matmul(columns, matmul(matmul(transpose(columns), m), rows)), transpose(rows));
