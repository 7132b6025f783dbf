import type { Matrix } from "ltrnn";

/** A row of a regression: few features that are not zero, by place, and what they predict. */
export interface RegressionRow {
  readonly places: readonly number[];
  readonly values: readonly number[];
  readonly targets: readonly number[];
}

/** The sums that a ridge regression is made of: they are made once, for every penalty. */
export interface RidgeSums {
  readonly gram: Float64Array;
  readonly cross: Float64Array;
  readonly features: number;
  readonly outputs: number;
}

export function ridgeSums(rows: Iterable<RegressionRow>, features: number, outputs: number): RidgeSums {
  const gram = new Float64Array(features * features),
    cross = new Float64Array(features * outputs);
  for (const { places, values, targets } of rows)
    for (let p = 0; p < places.length; p++) {
      const row = places[p];
      for (let q = 0; q < places.length; q++) gram[row * features + places[q]] += values[p] * values[q];
      for (let j = 0; j < outputs; j++) cross[row * outputs + j] += values[p] * targets[j];
    }
  return { gram, cross, features, outputs };
}

/** Coefficients (features × outputs) with a penalty for each feature, by Cholesky: `(X'X + diag(penalty)) b = X'y`. */
export function ridge({ gram, cross, features, outputs }: RidgeSums, penalty: (feature: number) => number): Matrix {
  const l = gram.slice(),
    b = cross.slice();
  for (let i = 0; i < features; i++) l[i * features + i] += penalty(i);
  for (let j = 0; j < features; j++)
    for (let i = j; i < features; i++) {
      let sum = l[i * features + j];
      for (let k = 0; k < j; k++) sum -= l[i * features + k] * l[j * features + k];
      l[i * features + j] = i === j ? Math.sqrt(sum) : sum / l[j * features + j];
    }
  for (let c = 0; c < outputs; c++) {
    for (let i = 0; i < features; i++) {
      let sum = b[i * outputs + c];
      for (let k = 0; k < i; k++) sum -= l[i * features + k] * b[k * outputs + c];
      b[i * outputs + c] = sum / l[i * features + i];
    }
    for (let i = features - 1; i >= 0; i--) {
      let sum = b[i * outputs + c];
      for (let k = i + 1; k < features; k++) sum -= l[k * features + i] * b[k * outputs + c];
      b[i * outputs + c] = sum / l[i * features + i];
    }
  }
  return { shape: [features, outputs], data: b };
}
