import { checkWhole, fail, type FieldsOf, show } from "../base";
import { firstColumns, numericalRank, svd } from "../linalg";
import { activationCurve, type AnyActivation } from "../kernels";
import { checkNetwork, type Network } from "../models";
import { checkFinite, finiteVector, type Matrix, type Params, type Vector, zeros } from "../tensor";

/** Which trial's weights, and under which constant input. */
export interface AtOptions {
  /** which trial's weights, for networks whose weights differ between trials; default 0 */
  readonly trial?: number | undefined;
  /** u (inputs), held constant; default none */
  readonly input?: Vector | undefined;
}

export const inputField = { is: "checked", check: finiteVector } as const;

export const atFields = {
  trial: { is: "whole number", least: 0, fallback: 0 },
  input: inputField,
} as const satisfies FieldsOf<AtOptions>;

/** Weights of low rank, `W^(k) = left diag(scales of k) right'`. */
export interface Factors {
  /** (units × rank) */
  readonly left: Matrix;
  /** (units × rank) */
  readonly right: Matrix;
  /** (trials × rank); one row where all trials share their weights */
  readonly scales: Matrix;
  /** the number of components of the model, which come first; the others are its static part */
  readonly own: number;
}

/** `tau dx/dt = -x + W^(k) phi(x) + drive`. */
export interface Dynamics {
  readonly units: number;
  /** of all units; undefined where units differ */
  readonly tau: number | undefined;
  /** of each unit */
  readonly taus: Float64Array;
  readonly phi: ReturnType<typeof activationCurve>;
  readonly activation: AnyActivation;
  /** W_in u + b (units) */
  readonly drive: Float64Array;
  /** the factors of W, where it has any */
  readonly factors: Factors | undefined;
  /** whether there are fewer components than units */
  readonly isLow: boolean;
  /** W^(k) (units × units) */
  weights(trial: number): Matrix;
}

/** What an analysis needs to know about a network, checked. */
export function dynamicsOf(where: string, model: Network, input: Vector | undefined): Dynamics {
  checkNetwork(where, model);
  const { units } = model,
    { tau, phi } = model.setting,
    { value, derivative } = activationCurve(phi),
    factors = factorsOf(model);
  return {
    units,
    tau: typeof tau === "number" ? tau : undefined,
    taus: typeof tau === "number" ? new Float64Array(units).fill(tau) : tau.data,
    phi: { value: (x) => value(x), derivative: (x) => derivative(x) }, // of one argument: fit for `map`
    activation: phi,
    drive: driveOf(where, model, input),
    factors,
    isLow: factors !== undefined && factors.left.shape[1] < units,
    weights: (trial) => weightsOf(model, trial),
  };
}

/** Refuse a trial that the model does not have. */
export function checkTrial(where: string, { trials }: Pick<Network, "trials">, trial: number, name = "trial"): void {
  checkWhole(where, name, trial, 0, trials === undefined ? Number.MAX_SAFE_INTEGER : trials - 1);
}

function driveOf(where: string, { params: { wIn, bias }, units }: Network, input: Vector | undefined): Float64Array {
  const inputs = wIn.shape[1],
    drive = bias ? bias.data.slice() : new Float64Array(units);
  if (!input) return drive;
  if (input.shape[0] !== inputs)
    fail(where, {
      expected: `input of length ${inputs}, the columns of wIn`,
      got: show(input.shape[0]),
      fix: "Pass one number for every input.",
    });
  for (let i = 0; i < units; i++) for (let j = 0; j < inputs; j++) drive[i] += wIn.data[i * inputs + j] * input.data[j];
  checkFinite(where, "W_in u + b", { shape: [units], data: drive });
  return drive;
}

/** The parameters of the recurrent weights. */
function partsOf({ params, connectivity, units }: Network) {
  const get = (name: string | undefined) => (name === undefined ? undefined : (params as Params)[name]),
    left = get(connectivity.left) as Matrix,
    right = get(connectivity.right) as Matrix | undefined,
    fixed = get(connectivity.static) as Matrix | undefined;
  const rank = left.shape[1];
  const ones = { shape: [1, rank] as const, data: new Float64Array(rank).fill(1) };
  return { left, right, fixed, rank, units, scales: (get(connectivity.perTrial) ?? ones) as Matrix };
}

function weightsOf(model: Network, trial: number): Matrix {
  const { left, right, fixed, rank, units, scales } = partsOf(model);
  if (!right) return left;
  const w = fixed ? { shape: fixed.shape, data: fixed.data.slice() } : zeros([units, units]),
    row = scales.shape[0] === 1 ? 0 : trial * rank;
  for (let i = 0, entry = 0; i < units; i++)
    for (let j = 0; j < units; j++, entry++)
      for (let r = 0; r < rank; r++)
        w.data[entry] += left.data[i * rank + r] * scales.data[row + r] * right.data[j * rank + r];
  return w;
}

function factorsOf(model: Network): Factors | undefined {
  const { left, right, fixed, rank, scales } = partsOf(model);
  if (!right) return undefined;
  if (!fixed) return { left, right, scales, own: rank };
  const beside = outerFactors(fixed),
    width = beside.left.shape[1];
  const ones = { shape: [scales.shape[0], width] as const, data: new Float64Array(scales.shape[0] * width).fill(1) };
  return {
    left: besides(left, beside.left),
    right: besides(right, beside.right),
    scales: besides(scales, ones),
    own: rank,
  };
}

/** A matrix as `left right'`, with as many columns as its numerical rank. */
export function outerFactors(w: Matrix): { readonly left: Matrix; readonly right: Matrix } {
  const { u, singularValues, v } = svd(w),
    { rank } = numericalRank(w);
  const left = firstColumns(u, rank);
  return {
    left: { shape: left.shape, data: left.data.map((x, i) => x * singularValues[i % rank]) },
    right: firstColumns(v, rank),
  };
}

/** Two matrices side by side. */
function besides(a: Matrix, b: Matrix): Matrix {
  const [rows, p] = a.shape,
    q = b.shape[1],
    out = zeros([rows, p + q]);
  for (let i = 0; i < rows; i++) {
    out.data.set(a.data.subarray(i * p, (i + 1) * p), i * (p + q));
    out.data.set(b.data.subarray(i * q, (i + 1) * q), i * (p + q) + p);
  }
  return out;
}
