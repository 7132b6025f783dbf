import { random } from "../src/base";
import { kernelMean } from "../src/baselines";
import { cpAls } from "../src/decompose";
import type { FitProblem } from "../src/fit/fit-problem";
import { activationOf } from "../src/kernels";
import { firstColumns, orthonormalColumns, solveSymmetric, symmetricEigen } from "../src/linalg";
import type { GaussianTrialFactors } from "../src/parts";
import { gram, matmul, transpose, zeros, type Matrix, type Params } from "../src/tensor";

/**
 * A start from a regression. States come from leading principal components of activity, gaps filled by condition means:
 * by the activation's inverse where neurons are the units, by random directions of the units where a decoder is fitted.
 * The drive that moves them, less its mean in every bin of a condition, is regressed on trial basis times components; a
 * CP of the coefficients has columns, rows and trial factors. Inputs are what is left of the drive.
 */
export function regressedStart(problem: FitProblem, start: Params): Params {
  const { activity, train: mask, conditions, setting, dt, trialFactors, rank, units } = problem,
    [trials, time, neurons] = activity.shape,
    alpha = dt / setting.tau,
    means = kernelMean("fit-race", activity, mask, conditions, Number.POSITIVE_INFINITY),
    filled: Matrix = {
      shape: [trials * time, neurons],
      data: activity.data.map((y, i) => (mask.data[i] !== 0 ? y : means.data[i])),
    },
    kept = Math.min(neurons, 10),
    basis = firstColumns(symmetricEigen(gram(filled)).vectors, kept),
    scores = matmul(filled, basis), // (trials · time × kept)
    lift = start.readout ? orthonormalColumns(drawn(units, kept)) : basis,
    seen = matmul(scores, transpose(lift)).data,
    { inverse } = activationOf(setting.phi),
    x = start.readout ? seen : seen.map((h) => inverse(Math.max(-0.97, Math.min(0.97, h)))),
    bins = time - 1,
    samples = trials * bins,
    here = (row: number) => Math.floor(row / bins) * time + (row % bins),
    p = rowsOf(scores, samples, here),
    drive = zeros([samples, units]);
  for (let row = 0, i = 0; row < samples; row++)
    for (let at = here(row) * units, end = at + units; at < end; at++, i++)
      drive.data[i] = x[at] + (x[at + units] - x[at]) / alpha;
  const root = (trialFactors as unknown as GaussianTrialFactors).root,
    covariance = matmul(root, transpose(root)),
    phi = firstColumns(symmetricEigen({ ...covariance, data: covariance.data.map((v) => v + 1) }).vectors, 8),
    count = phi.shape[1],
    design = zeros([samples, count * kept]);
  for (let row = 0, i = 0; row < samples; row++)
    for (let j = 0; j < count; j++)
      for (let q = 0; q < kept; q++, i++)
        design.data[i] = phi.data[Math.floor(row / bins) * count + j] * p.data[row * kept + q];
  const cell = (row: number) => conditions[Math.floor(row / bins)] * bins + (row % bins),
    within = less(design, cell),
    coefficients = ridge(within, less(drive, cell), 1e-3), // (count · kept × units)
    { factors, weights } = cpAls({ shape: [count, kept, units], data: coefficients.data }, rank, { seed: 1 }),
    [gamma, ofComponents, a] = factors,
    b = matmul(lift, ofComponents),
    sizes = columnSizes(b).map((size, r) => size * columnSizes(a)[r] * weights.data[r]),
    c = timesColumns(matmul(phi, gamma), sizes),
    m = Float64Array.from(sizes, (_, r) => c.data.reduce((sum, v, i) => sum + (i % rank === r ? v / trials : 0), 0)),
    z = ridge(root, { shape: c.shape, data: c.data.map((v, i) => v - m[i % rank]) }, 1e-6);
  // what is left of the drive, by condition and bin: inputs, and a bias
  const unit = columnSizes(b),
    read = matmul(
      p,
      timesColumns(
        ofComponents,
        unit.map((size) => 1 / size),
      ),
    ),
    ca = timesColumns(
      a,
      columnSizes(a).map((size) => 1 / size),
    ),
    left = zeros([samples, units]);
  const gained: Matrix = {
      shape: read.shape,
      data: read.data.map((v, i) => v * c.data[Math.floor(i / rank / bins) * rank + (i % rank)]),
    },
    recurrent = matmul(gained, transpose(ca));
  for (let i = 0; i < left.data.length; i++) left.data[i] = drive.data[i] - recurrent.data[i];
  const x0 = zeros(start.x0?.shape as readonly [number, number]),
    perCondition = Array.from({ length: x0.shape[0] }, (_, row) => conditions.filter((other) => other === row).length);
  conditions.forEach((row, k) => {
    for (let i = 0; i < units; i++) x0.data[row * units + i] += x[k * time * units + i] / perCondition[row];
  });
  return { ...start, a, b, m: { shape: [rank], data: m }, z, x0, ...drivenBy(problem, start, left, cell) } as Params;
}

/** Input weights, inputs and bias that make what is left of the drive. */
function drivenBy({ inputs: { model } }: FitProblem, start: Params, left: Matrix, cell: (row: number) => number) {
  const [samples, units] = left.shape,
    mean = less(left, () => 0),
    bias = Float64Array.from({ length: units }, (_, i) => left.data[i] - mean.data[i]);
  if (!start.u) {
    const [given] = model(start as never),
      [trials, time, n] = given.shape,
      u: Matrix = rowsOf(
        { shape: [trials * time, n], data: given.data },
        samples,
        (row) => Math.floor(row / (time - 1)) * time + 1 + (row % (time - 1)),
      );
    return { wIn: transpose(ridge(u, mean, 1e-6)), bias: { shape: [units], data: bias } };
  }
  const [conditions, time, n] = start.u.shape,
    rest = less(mean, cell),
    courses = zeros([conditions * time, units]);
  for (let row = 0; row < samples; row++)
    for (let i = 0; i < units; i++) {
      const c = Math.floor(cell(row) / (time - 1)),
        t = cell(row) % (time - 1);
      for (const at of t === 0 ? [0, 1] : [t + 1])
        courses.data[(c * time + at) * units + i] = mean.data[row * units + i] - rest.data[row * units + i];
    }
  const { values, vectors } = symmetricEigen(gram(courses)),
    size = values.slice(0, n).map((value) => Math.sqrt(Math.max(value, 1e-12) / (conditions * time))),
    wIn = timesColumns(firstColumns(vectors, n), [...size]);
  return {
    wIn,
    u: {
      shape: start.u.shape,
      data: timesColumns(
        matmul(courses, firstColumns(vectors, n)),
        [...size].map((s) => 1 / s),
      ).data,
    },
    bias: { shape: [units], data: bias },
  };
}

const columnSizes = ({ shape: [, columns], data }: Matrix): number[] =>
  Array.from({ length: columns }, (_, r) =>
    Math.sqrt(data.reduce((sum, v, i) => sum + (i % columns === r ? v * v : 0), 0)),
  );
const timesColumns = ({ shape, data }: Matrix, by: readonly number[]): Matrix => ({
  shape,
  data: data.map((v, i) => v * by[i % shape[1]]),
});
const drawn = (rows: number, columns: number): Matrix => {
  const { normal } = random(1, "fit-race");
  return { shape: [rows, columns], data: Float64Array.from({ length: rows * columns }, () => normal()) };
};
const rowsOf = ({ shape: [, columns], data }: Matrix, count: number, at: (row: number) => number): Matrix => {
  const out = zeros([count, columns]);
  for (let row = 0; row < count; row++)
    out.data.set(data.subarray(at(row) * columns, (at(row) + 1) * columns), row * columns);
  return out;
};

/** Rows less the mean of the rows of their cell. */
function less({ shape: [rows, columns], data }: Matrix, cell: (row: number) => number): Matrix {
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let row = 0; row < rows; row++) {
    const of = sums.get(cell(row)) ?? { sum: new Float64Array(columns), count: 0 };
    for (let i = 0; i < columns; i++) of.sum[i] += data[row * columns + i];
    of.count++;
    sums.set(cell(row), of);
  }
  const out = data.slice();
  for (let row = 0; row < rows; row++) {
    const of = sums.get(cell(row));
    for (let i = 0; of && i < columns; i++) out[row * columns + i] -= of.sum[i] / of.count;
  }
  return { shape: [rows, columns], data: out };
}

/** Least squares, with a share of the mean of the squares of x on the diagonal. */
function ridge(x: Matrix, y: Matrix, share: number): Matrix {
  const normal = gram(x),
    [n] = normal.shape;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += normal.data[i * (n + 1)];
  for (let i = 0; i < n; i++) normal.data[i * (n + 1)] += (share * trace) / n;
  return solveSymmetric(normal, matmul(transpose(x), y)).x;
}
