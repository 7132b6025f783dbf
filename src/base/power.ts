/** x^y for x > 0, to the same bits on every engine, which `**` does not promise: by squaring where y is whole, and else by `exp` and `log`, which engines agree on. */
export function power(x: number, y: number): number {
  if (!Number.isInteger(y)) return Math.exp(y * Math.log(x));
  let product = 1;
  for (let n = Math.abs(y), square = x; n >= 1; n = Math.floor(n / 2), square *= square)
    if (n % 2 === 1) product *= square;
  return y < 0 ? 1 / product : product;
}
