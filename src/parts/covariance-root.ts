import { LtrnnError, fail } from "../base";
import { cholesky, symmetricSpectrum } from "../linalg";
import { zeros, type Matrix } from "../tensor";

/** A root L of a covariance `L L'`: it maps independent factors to smooth ones. */
export interface CovarianceRoot {
  /** L (trials × columns): lower triangular, or a column for each leading eigenvector */
  readonly root: Matrix;
  /** w with `w' z = k' (L L')^+ L z`, for the covariances k of a new trial with the known ones */
  project(k: Float64Array): Float64Array;
}

/** The Cholesky factor. */
export function choleskyRoot(where: string, covariance: Matrix, jitter: number): CovarianceRoot {
  const root = lowerRoot(where, withDiagonal(covariance, jitter), jitter),
    n = root.shape[0];
  const project = (k: Float64Array) => {
    const w = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let rest = k[i];
      for (let j = 0; j < i; j++) rest -= root.data[i * n + j] * w[j];
      w[i] = rest / root.data[i * n + i];
    }
    return w;
  };
  return { root, project };
}

function lowerRoot(where: string, covariance: Matrix, jitter: number): Matrix {
  try {
    return cholesky(covariance);
  } catch (error) {
    if (!(error instanceof LtrnnError)) throw error;
    return fail(where, {
      expected: "a positive definite covariance",
      got: `one that is not, with jitter ${jitter}`,
      fix: "Raise jitter, or give the kernel some noise: trials at one time are told apart by these alone.",
    });
  }
}

/**
 * Leading eigenvectors times the roots of their eigenvalues, as few as hold this share of the variance. Trials of
 * different rows are independent, so each row has its own eigenvectors.
 */
export function leadingRoot(
  covariance: Matrix,
  jitter: number,
  rows: readonly number[],
  share: number,
): CovarianceRoot {
  const n = covariance.shape[0],
    whole = withDiagonal(covariance, jitter),
    blocks = [...new Set(rows)].map((row) =>
      blockOf(
        whole,
        [...rows.keys()].filter((k) => rows[k] === row),
      ),
    ),
    values = blocks.flatMap(({ spectrum }) => spectrum.values).sort((p, q) => q - p);
  const wanted = share * whole.data.reduce((sum, x, index) => (index % (n + 1) === 0 ? sum + x : sum), 0);
  let [held, count] = [0, 0];
  while (held < wanted && values[count] > 0) held += values[count++];
  const least = values[count - 1],
    kept = blocks
      .flatMap((block) => eigenpairsOf(block, least))
      .sort((p, q) => q.value - p.value)
      .slice(0, count); // those that are as large as the least may be more
  const root = zeros([n, kept.length]);
  for (const [j, { value, trials, vector }] of kept.entries())
    trials.forEach((k, i) => {
      root.data[k * kept.length + j] = Math.sqrt(value) * vector[i];
    });
  const project = (k: Float64Array) =>
    Float64Array.from(kept, ({ value, trials, vector }) => {
      let sum = 0;
      for (let i = 0; i < trials.length; i++) sum += vector[i] * k[trials[i]];
      return sum / Math.sqrt(value);
    });
  return { root, project };
}

/** An eigenvector over some of the trials. */
interface Eigenpair {
  readonly value: number;
  readonly trials: readonly number[];
  readonly vector: Float64Array;
}

/** The covariance of the trials of a row. */
interface Block {
  readonly trials: readonly number[];
  readonly spectrum: ReturnType<typeof symmetricSpectrum>;
}

function blockOf({ shape: [n], data }: Matrix, trials: readonly number[]): Block {
  const size = trials.length,
    block = zeros([size, size]);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) block.data[i * size + j] = data[trials[i] * n + trials[j]];
  return { trials, spectrum: symmetricSpectrum("leadingRoot", block) };
}

/** Those of eigenvalues that are at least so large. */
function eigenpairsOf({ trials, spectrum: { values, leading } }: Block, least: number): Eigenpair[] {
  const large = values.filter((value) => value >= least),
    { data } = leading(large.length);
  return large.map((value, j) => ({
    value,
    trials,
    vector: Float64Array.from(trials, (_, i) => data[i * large.length + j]),
  }));
}

const withDiagonal = ({ shape, data }: Matrix, added: number): Matrix => ({
  shape,
  data: data.map((x, index) => (index % (shape[0] + 1) === 0 ? x + added : x)),
});
