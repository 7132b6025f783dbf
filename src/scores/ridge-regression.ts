import { solveSymmetric } from "../linalg";
import { zeros, type Matrix } from "../tensor";

/** A linear map with an offset. */
export interface LinearMap {
  readonly weights: Matrix;
  readonly offset: Float64Array;
}

/** Centered sums of squares and products, from which ridge regressions of every strength are solved. */
export interface CenteredProducts {
  readonly xx: Matrix;
  readonly xy: Matrix;
  readonly xMean: Float64Array;
  readonly yMean: Float64Array;
}

/** Sums over the rows of x (samples × features) and y (samples × channels) that `keep` names. */
export function centeredProducts(x: Matrix, y: Matrix, keep: readonly number[]): CenteredProducts {
  const features = x.shape[1],
    channels = y.shape[1],
    xMean = columnMeans(x, keep),
    yMean = columnMeans(y, keep),
    xx = zeros([features, features]),
    xy = zeros([features, channels]),
    row = new Float64Array(features);
  for (const i of keep) {
    for (let p = 0; p < features; p++) row[p] = x.data[i * features + p] - xMean[p];
    for (let p = 0; p < features; p++) {
      for (let q = 0; q < features; q++) xx.data[p * features + q] += row[p] * row[q];
      for (let c = 0; c < channels; c++) xy.data[p * channels + c] += row[p] * (y.data[i * channels + c] - yMean[c]);
    }
  }
  return { xx, xy, xMean, yMean };
}

/** Ridge regression, `min |y - x w - offset|² + strength |w|²`: the offset is not penalized. Hoerl & Kennard (1970). */
export function ridgeRegression({ xx, xy, xMean, yMean }: CenteredProducts, strength: number): LinearMap {
  const [features, channels] = xy.shape,
    g: Matrix = { shape: xx.shape, data: xx.data.slice() };
  for (let p = 0; p < features; p++) g.data[p * features + p] += strength;
  const weights = solveSymmetric(g, xy).x,
    offset = yMean.map((mean, c) => {
      let value = mean;
      for (let p = 0; p < features; p++) value -= xMean[p] * weights.data[p * channels + c];
      return value;
    });
  return { weights, offset };
}

/** The predictions of a map for the rows that `keep` names. */
export function applyMap({ weights, offset }: LinearMap, x: Matrix, keep: readonly number[]): Matrix {
  const [features, channels] = weights.shape,
    out: Matrix = zeros([keep.length, channels]);
  keep.forEach((i, row) => {
    for (let c = 0; c < channels; c++) {
      let value = offset[c];
      for (let p = 0; p < features; p++) value += x.data[i * features + p] * weights.data[p * channels + c];
      out.data[row * channels + c] = value;
    }
  });
  return out;
}

function columnMeans({ shape: [, columns], data }: Matrix, keep: readonly number[]): Float64Array {
  const first = keep[0] * columns, // relative to the first row, so that the mean of a constant is exact
    sums = new Float64Array(columns);
  for (const i of keep) for (let c = 0; c < columns; c++) sums[c] += data[i * columns + c] - data[first + c];
  return sums.map((sum, c) => data[first + c] + sum / keep.length);
}
