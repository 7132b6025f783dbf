import { zeros, type Matrix } from "../tensor";

/** The steps of a random walk, as a linear map and its adjoint. */
export interface WalkSteps {
  /** how many steps there are */
  readonly count: number;
  /** adds to c (trials × rank), which holds the first value of every trial's walk */
  addTo(c: Matrix, z: Matrix): void;
  adjoint(dc: Matrix): Matrix;
}

/** A trial, in the order of its epoch. */
interface Visit {
  readonly trial: number;
  /** the trial before it in its epoch; -1 for the first */
  readonly before: number;
  /** the row of its step; -1 where it is at the time of the one before */
  readonly step: number;
  readonly scale: number;
}

/** Trials that have a time before them in their epoch, `sigma sqrt(gap)` away. */
export function walkSteps(times: readonly number[], rows: readonly number[], sigma: number): WalkSteps {
  const order = [...times.keys()].sort((i, j) => rows[i] - rows[j] || times[i] - times[j] || i - j);
  const before = (place: number) =>
    place > 0 && rows[order[place - 1]] === rows[order[place]] ? order[place - 1] : -1;
  const later = order.filter((trial, place) => before(place) >= 0 && times[trial] > times[before(place)]);
  const rowOf = new Map([...later].sort((i, j) => i - j).map((trial, row) => [trial, row]));
  const visits = order.map((trial, place): Visit => {
    const last = before(place);
    return {
      trial,
      before: last,
      step: rowOf.get(trial) ?? -1,
      scale: last < 0 ? 0 : sigma * Math.sqrt(times[trial] - times[last]),
    };
  });
  return {
    count: later.length,
    addTo(c, z) {
      const rank = c.shape[1],
        path = new Float64Array(rank);
      for (const { trial, before: last, step, scale } of visits)
        for (let r = 0; r < rank; r++) {
          path[r] = last < 0 ? 0 : path[r] + (step < 0 ? 0 : scale * z.data[step * rank + r]);
          c.data[trial * rank + r] += path[r];
        }
    },
    adjoint(dc) {
      const rank = dc.shape[1],
        dz = zeros([later.length, rank]),
        sum = new Float64Array(rank);
      for (let place = visits.length - 1; place >= 0; place--) {
        const { trial, before: last, step, scale } = visits[place];
        for (let r = 0; r < rank; r++) {
          sum[r] += dc.data[trial * rank + r];
          if (step >= 0) dz.data[step * rank + r] = scale * sum[r];
          if (last < 0) sum[r] = 0;
        }
      }
      return dz;
    },
  };
}
