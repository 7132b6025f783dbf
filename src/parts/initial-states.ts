import { random } from "../base";
import { zeros, type Matrix, type Params } from "../tensor";
import type { Part } from "./part";

/** Initial states: from their parameters to the rows of x0 that trials start from (rows × units). */
export interface InitialStates<P extends Params = Params> extends Part<P, Matrix> {
  /** the row that each trial takes */
  readonly rows: readonly number[];
  /** where its parameters start, of so many columns */
  start(seed: number, columns: number): P;
}

/** x0 (rows × units) itself. */
export type InitialStateParams = { readonly x0: Matrix };

/** One initial state for each condition; with one condition, one that all trials share. */
export function conditionStates(conditions: readonly number[], count: number): InitialStates<InitialStateParams> {
  const part = ({ x0 }: InitialStateParams) => [x0, (dx0: Matrix): InitialStateParams => ({ x0: dx0 })] as const;
  const start = (seed: number, columns: number): InitialStateParams => ({ x0: drawn(seed, count, columns) });
  return Object.assign(part, { description: { kind: "conditionStates", count }, rows: conditions, start });
}

/** The mean of every condition, and the deviation of each trial from it, in units of the standard deviation. */
export type TrialStateParams = InitialStateParams & {
  /** whitened deviations (trials × units) */
  readonly dx0: Matrix;
};

/**
 * An initial state for each trial: that of its condition, plus a deviation that is normal with standard deviation
 * `sigma` in every unit: `x0_k = x0_condition(k) + sigma dx0_k`.
 */
export function trialStates(
  conditions: readonly number[],
  count: number,
  sigma: number,
): InitialStates<TrialStateParams> {
  const trials = conditions.length;
  const part = ({ x0, dx0 }: TrialStateParams) => {
    const columns = x0.shape[1],
      every = zeros([trials, columns]);
    for (let index = 0; index < every.data.length; index++) {
      const row = conditions[Math.floor(index / columns)];
      every.data[index] = x0.data[row * columns + (index % columns)] + sigma * dx0.data[index];
    }
    const adjoint = (dEvery: Matrix): TrialStateParams => {
      const dMeans = zeros([count, columns]);
      for (let index = 0; index < dEvery.data.length; index++) {
        const row = conditions[Math.floor(index / columns)];
        dMeans.data[row * columns + (index % columns)] += dEvery.data[index];
      }
      return { x0: dMeans, dx0: { shape: dx0.shape, data: dEvery.data.map((d) => sigma * d) } };
    };
    return [every, adjoint] as const;
  };
  const start = (seed: number, columns: number): TrialStateParams => ({
    x0: drawn(seed, count, columns),
    dx0: zeros([trials, columns]),
  });
  const prior = ({ x0, dx0 }: TrialStateParams): readonly [number, TrialStateParams] => [
    dx0.data.reduce((sum, x) => sum + x * x, 0) / 2,
    { x0: zeros(x0.shape), dx0 },
  ];
  return Object.assign(part, {
    description: { kind: "trialStates", count, sigma },
    rows: Array.from({ length: trials }, (_, k) => k),
    start,
    prior,
  });
}

/** Small random states. */
function drawn(seed: number, rows: number, columns: number): Matrix {
  const stream = random(seed, "fit x0"),
    x0 = zeros([rows, columns]);
  for (let index = 0; index < x0.data.length; index++) x0.data[index] = 0.1 * stream.normal();
  return x0;
}
