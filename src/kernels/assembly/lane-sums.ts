import { addAt, total } from "./vector";

/** sums[i] += the sum over steps and lanes of row i, in float64. */
// @ts-ignore: decorator
@inline
export function laneSums<T>(sums: usize, g: usize, rows: i32, steps: i32, gStep: usize): void {
  for (let i = 0; i < rows; i++, sums += 8, g += 64) {
    let sum: f64 = 0;
    for (let s = 0, p = g; s < steps; s++, p += gStep)
      sum += total<T>(
        v128.add<T>(v128.add<T>(v128.load(p), v128.load(p, 16)), v128.add<T>(v128.load(p, 32), v128.load(p, 48))),
      );
    addAt(sums, sum);
  }
}
