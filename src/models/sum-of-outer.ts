import { zeros, type Matrix } from "../tensor";

/** `sum_r c_r a_r b_r'`, (units × units); without `c` all scales are 1. */
export function sumOfOuter(a: Matrix, b: Matrix, c?: Float64Array): Matrix {
  const [units, rank] = a.shape;
  const w = zeros([units, units]);
  for (let i = 0, at = 0; i < units; i++)
    for (let j = 0; j < units; j++, at++)
      for (let r = 0; r < rank; r++) w.data[at] += a.data[i * rank + r] * (c ? c[r] : 1) * b.data[j * rank + r];
  return w;
}
