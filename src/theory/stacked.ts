import { transpose, zeros, type Matrix, type Tensor3 } from "../tensor";

/** The vectors of times `first` .. `first + T - 1` of all trials as columns, (units × trials T). */
export function stacked({ shape: [trials, times, units], data }: Tensor3, first: number): Matrix {
  const steps = times - 1,
    out = zeros([trials * steps, units]);
  for (let k = 0; k < trials; k++)
    out.data.set(data.subarray((k * times + first) * units, (k * times + first + steps) * units), k * steps * units);
  return transpose(out);
}
