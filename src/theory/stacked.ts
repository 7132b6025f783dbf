import { type Matrix, type Tensor3, transpose, zeros } from "../tensor";

/** The vectors of times `first` .. `first + T - 1` of all trials as columns, (units × trials T). */
export function stacked({ shape: [trials, times, units], data }: Tensor3, first: number): Matrix {
  const steps = Math.max(0, times - 1),
    out = zeros([trials * steps, units]);
  for (let k = 0; k < trials; k++) {
    const begin = (k * times + first) * units;
    out.data.set(data.subarray(begin, begin + steps * units), k * steps * units);
  }
  return transpose(out);
}
