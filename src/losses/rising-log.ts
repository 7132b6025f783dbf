import { log1p } from "../base";

/** Beyond so many terms a sum is an integral with corrections. */
const terms = 64;

/**
 * `sum over j < n of log(1 + s j)`, which is `log Gamma(n + 1/s) - log Gamma(1/s) + n log s` without its cancellation,
 * and the derivative in log s, `sum of s j / (1 + s j)`, which is n less 1/s times a difference of digammas.
 *
 * @see Abramowitz & Stegun (1964), 6.1.15 and 6.3.6; 23.1.30 (Euler and Maclaurin) beyond 64 terms
 */
export function risingLog(n: number, s: number): readonly [value: number, slopeInLogS: number] {
  let [value, slope] = [0, 0];
  for (let j = 1; j < Math.min(n, terms); j++) {
    value += log1p(s * j);
    slope += (s * j) / (1 + s * j);
  }
  if (n <= terms) return [value, slope];
  const [atEnd, atStart] = [tailAt(n, s), tailAt(terms, s)];
  return [value + atEnd[0] - atStart[0], slope + atEnd[1] - atStart[1]];
}

/** `integral - f / 2 + f' / 12 - f''' / 720 + f^(5) / 30240` at x, of f = log(1 + s x) and of f = s x / (1 + s x). */
function tailAt(x: number, s: number): readonly [value: number, slope: number] {
  const p = 1 / (1 + s * x),
    q = s * p,
    q3 = q * q * q,
    q5 = q3 * q * q,
    logarithm = log1p(s * x);
  return [
    (x + 1 / s) * logarithm - x - logarithm / 2 + q / 12 - q3 / 360 + q5 / 1260,
    x - logarithm / s - (q * x) / 2 + (q * p) / 12 - (q3 * p) / 120 + (q5 * p) / 252,
  ];
}

/** {@link risingLog} of many counts with one s: those below 1024 are kept. */
export function risingLogs(s: number): (n: number) => readonly [value: number, slopeInLogS: number] {
  const kept: (readonly [number, number])[] = [];
  return (n) => {
    if (n >= 1024) return risingLog(n, s);
    kept[n] ??= risingLog(n, s);
    return kept[n];
  };
}
