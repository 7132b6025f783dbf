import { checkAbove, fail, provenance, type Provenance } from "../base";
import {
  checkFinite,
  checkSameShape,
  checkTensor,
  matmul,
  modeGram,
  norm,
  subtract,
  transpose,
  zeros,
  type Matrix,
  type Tensor3,
} from "../tensor";
import { grow } from "./grow";
import { stacked } from "./stacked";

/** One update of training, as an observer sees it. */
export interface TrainingStep {
  /** lambda_0 .. lambda_T (trials × (time + 1) × units) */
  readonly adjoints: Tensor3;
  /** h_0 .. h_T (trials × (time + 1) × units) */
  readonly rates: Tensor3;
  /** dt / tau */
  readonly alpha: number;
  /** at least the size of the gradient's coefficient in the weights of every later step: the learning rate for gradient descent, rate / (1 - beta) with momentum */
  readonly coefficient: number;
}

/** What the fold carries: memory O(units · (r_l + r_h)). Plain data. */
export interface CertificateState {
  /** orthonormal basis of what adjoints spanned (units × r_l); it only grows */
  readonly columns: Matrix;
  /** of what rates spanned (units × r_h) */
  readonly rows: Matrix;
  /** bound on the change's part outside, after each update */
  readonly bounds: readonly number[];
  /** `2^-52 sum |w| alpha |Lambda| |H|`: the scale of rounding in the weights */
  readonly rounding: number;
}

/** What the run so far certifies: for every step s up to here there is a matrix of these ranks within its bound of W(s) - W(0). */
export interface Certificate {
  /** "broken" where the change that was given lies farther outside than the bound: then the updates were not what was declared */
  readonly status: "holds" | "broken";
  /** (r_l, r_h): rank of the columns' and of the rows' space */
  readonly ranks: readonly [columns: number, rows: number];
  /** true where the ranks are the number of units */
  readonly vacuous?: true;
  /** `‖W(s) - W(0) - P (W(s) - W(0)) Q‖_F` is at most this after the last update */
  readonly bound: number;
  /** the same for the tensor of changes after every update */
  readonly tensorBound: number;
  /** multilinear rank of the tensor within that bound */
  readonly multilinear: readonly [number, number, number];
  readonly cp: number;
  /** that norm as it is, where the change was given */
  readonly error?: number;
  /** P = columns columns', Q = rows rows' */
  readonly columns: Matrix;
  readonly rows: Matrix;
  readonly rounding: number;
  readonly statement: string;
  readonly provenance: Provenance;
}

/**
 * A certificate that weight changes are near low rank, for any activation, made while training goes: a fold over the updates.
 *
 * Every update is a multiple of `alpha Lambda H'`; what of Lambda and H lies outside two growing subspaces P and Q adds to
 * `bound_s = alpha sum_j |w_j| (‖(I-P) Lambda_j‖_F ‖H_j‖_2 + ‖Lambda_j‖_2 ‖(I-Q) H_j‖_F)`.
 * A subspace grows when more than `tolerance` of the norm of Lambda, or of H, lies outside it; it is in (0, 1), and smaller is a sharper bound on more dimensions.
 *
 * @throws {@link LtrnnError} for a tolerance outside (0, 1), arrays that disagree or are not finite, or a certificate read before the first update
 * @remarks An update costs O(trials · time · units²); the bound holds up to rounding of about `rounding`.
 * @see docs/theory.md C1
 * @example trajectoryCertificate({ tolerance: 0.05 }).init(100).bounds // []
 */
export function trajectoryCertificate({ tolerance }: { readonly tolerance: number }) {
  const where = "trajectoryCertificate";
  checkAbove(where, "tolerance", tolerance, 0);
  if (tolerance >= 1)
    fail(where, {
      expected: "a tolerance below 1",
      got: String(tolerance),
      fix: "It is the share of a norm that may lie outside: 0.05 is a start.",
    });
  return {
    /** Before the first update. */
    init: (units: number): CertificateState => ({
      columns: zeros([units, 0]),
      rows: zeros([units, 0]),
      bounds: [],
      rounding: 0,
    }),

    /** One update more. */
    update(state: CertificateState, { adjoints, rates, alpha, coefficient }: TrainingStep): CertificateState {
      checkTensor(where, "adjoints", adjoints, 3);
      checkSameShape(where, "rates", rates, adjoints.shape);
      if (adjoints.shape[2] !== state.columns.shape[0])
        fail(where, {
          expected: `${state.columns.shape[0]} units`,
          got: String(adjoints.shape[2]),
          fix: "Start with init(units) of this network.",
        });
      checkAbove(where, "alpha", alpha, 0);
      checkAbove(where, "coefficient", coefficient, 0, true);
      checkFinite(where, "adjoints", adjoints);
      checkFinite(where, "rates", rates);
      const lambda = stacked(adjoints, 1),
        h = stacked(rates, 0),
        lambdaSize = norm(lambda),
        hSize = norm(h);
      const left = grow(state.columns, lambda, tolerance * lambdaSize),
        right = grow(state.rows, h, tolerance * hSize);
      const added =
        alpha *
        coefficient *
        (left.left * spectralNormAtMost(h, hSize) + spectralNormAtMost(lambda, lambdaSize) * right.left);
      const before = state.bounds.length > 0 ? state.bounds[state.bounds.length - 1] : 0;
      return {
        columns: left.basis,
        rows: right.basis,
        bounds: [...state.bounds, before + added],
        rounding: state.rounding + Number.EPSILON * alpha * coefficient * lambdaSize * hSize,
      };
    },

    /** What is certified now; with the change `W(s) - W(0)` after the last update also the true error, which is never above the bound. */
    read({ columns, rows, bounds, rounding }: CertificateState, change?: Matrix): Certificate {
      const k = bounds.length,
        units = columns.shape[0],
        [rl, rh] = [columns.shape[1], rows.shape[1]];
      if (k === 0)
        fail(where, { expected: "at least one update", got: "none", fix: "Fold update over the training run first." });
      if (change) {
        checkSameShape(where, "change", change, [units, units]);
        checkFinite(where, "change", change);
      }
      const project = (m: Matrix) =>
        matmul(matmul(columns, matmul(matmul(transpose(columns), m), rows)), transpose(rows));
      const inside = change && project(change),
        bound = bounds[k - 1];
      const error = change && inside && norm(subtract(change, inside));
      const broken = error !== undefined && error > bound + 16 * rounding;
      return {
        status: broken ? "broken" : "holds",
        ranks: [rl, rh],
        ...(Math.min(rl, rh) >= units ? { vacuous: true as const } : {}),
        bound,
        tensorBound: Math.hypot(...bounds),
        multilinear: [rl, rh, Math.min(k, rl * rh)],
        cp: Math.min(rl * rh, rl * k, rh * k),
        ...(error === undefined ? {} : { error }),
        columns,
        rows,
        rounding,
        statement: broken
          ? `W(s) - W(0) is ${error.toPrecision(3)} outside, above the bound ${bound.toPrecision(3)}: coefficients were larger than declared, or updates were no combinations of gradients`
          : `W(s) - W(0) is within ${bound.toPrecision(3)} (Frobenius) of a matrix with columns in ${rl} and rows in ${rh} dimensions`,
        provenance: provenance(where, null, { tolerance, updates: k }),
      };
    },
  };
}

/** At least the largest singular value: `‖G⁸‖_F^(1/16)` for the Gram matrix G of the shorter side, at most n^(1/32) too large. */
function spectralNormAtMost(m: Matrix, size: number): number {
  if (size === 0) return 0;
  const scaled: Matrix = { shape: m.shape, data: m.data.map((x) => x / size) };
  let g = modeGram(scaled, m.shape[0] < m.shape[1] ? 0 : 1),
    scale = 1,
    power = 1;
  for (let squaring = 0; squaring < 3; squaring++) {
    const gSize = norm(g); // keep powers from vanishing: norm of G^(2p) is scale^2 times that of the scaled square
    g = matmul(
      { shape: g.shape, data: g.data.map((x) => x / gSize) },
      { shape: g.shape, data: g.data.map((x) => x / gSize) },
    );
    scale *= gSize ** (1 / power);
    power *= 2;
  }
  return size * Math.sqrt(scale * norm(g) ** (1 / power));
}
