/**
 * The root of a running mean of squares after one more value, `sqrt(beta root² + (1 - beta) g²)`. Roots are kept in
 * place of squares, which overflow for values beyond 1e154; none that is formed here overflows or vanishes.
 */
export function nextRoot(root: number, g: number, beta: number): number {
  const square = beta * root * root + (1 - beta) * g * g;
  if (square > 1e-290 && square < Infinity) return Math.sqrt(square);
  const largest = Math.max(root, Math.abs(g));
  if (largest === 0) return 0;
  const r = root / largest,
    s = g / largest;
  return largest * Math.sqrt(beta * r * r + (1 - beta) * s * s);
}
