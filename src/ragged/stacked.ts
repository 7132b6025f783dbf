import type { Matrix } from "../tensor";

/** Trials of different lengths, one after another: rows `ends[k - 1]` to `ends[k] - 1` are trial k. */
export interface Stacked {
  /** (bins of all trials × units) */
  readonly x: Matrix;
  /** the row after the last of each trial */
  readonly ends: readonly number[];
}

/** Put trials (time × units) one below the other. */
export function stacked(trials: readonly Matrix[]): Stacked {
  const units = trials[0].shape[1],
    ends: number[] = [];
  let rows = 0;
  for (const { shape } of trials) {
    rows += shape[0];
    ends.push(rows);
  }
  const data = new Float64Array(rows * units);
  for (const [k, trial] of trials.entries()) data.set(trial.data, (ends[k] - trial.shape[0]) * units);
  return { x: { shape: [rows, units], data }, ends };
}

/** Each trial as a view of the stack: (time × columns). */
export const trialsOf = ({ x: { shape, data }, ends }: Stacked): Matrix[] =>
  ends.map((end, k) => {
    const first = k === 0 ? 0 : ends[k - 1];
    return { shape: [end - first, shape[1]], data: data.subarray(first * shape[1], end * shape[1]) };
  });
