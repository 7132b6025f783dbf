import { exp, log1p } from "../base";

/**
 * Counts of a mean: Poisson's, or with a dispersion s negative binomial, of variance `mean + s mean²`. Probabilities
 * are ratios of neighbors, from the most likely count on, over their sum: no factorial, no overflow.
 */
export interface CountDistribution {
  /** the quantile of a count: the probability of a smaller one, plus the given share of its own probability */
  place(count: number, share: number): number;
  /** the least count with at least this probability of it or a smaller one */
  quantile(place: number): number;
}

/** Counts less likely than this, beside the most likely one, are left out. */
const least = 1e-18;

export function countDistribution(mean: number, dispersion = 0): CountDistribution {
  // p(n + 1) / p(n)
  const ratio = (n: number) => (mean * (1 + dispersion * n)) / ((n + 1) * (1 + dispersion * mean)),
    mode = modeOf(mean, dispersion);
  if (mode === 0) return fromNone(dispersion > 0 ? exp(-log1p(dispersion * mean) / dispersion) : exp(-mean), ratio);
  const below: number[] = [],
    above: number[] = [1];
  for (let n = mode - 1, p = 1; n >= 0; n--) {
    p /= ratio(n);
    if (p < least) break;
    below.push(p);
  }
  for (let n = mode, p = 1; ; n++) {
    p *= ratio(n);
    if (p < least) break;
    above.push(p);
  }
  const first = mode - below.length,
    weights = [...below.reverse(), ...above],
    total = weights.reduce((sum, p) => sum + p, 0);
  return {
    place(count, share) {
      let sum = 0;
      for (let i = 0; i < weights.length && first + i < count; i++) sum += weights[i];
      const own = count >= first ? (weights[count - first] ?? 0) : 0;
      return (sum + share * own) / total;
    },
    quantile(place) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) {
        sum += weights[i];
        if (sum >= place * total) return first + i;
      }
      return first + weights.length - 1;
    },
  };
}

/** Where 0 is the most likely count: its probability is known, and sums run only as far as needed. */
function fromNone(none: number, ratio: (n: number) => number): CountDistribution {
  return {
    place(count, share) {
      let [sum, p] = [0, none];
      for (let n = 0; n < count && p >= least * none; n++) {
        sum += p;
        p *= ratio(n);
      }
      return Math.min(1, sum + share * p);
    },
    quantile(place) {
      let [n, sum, p] = [0, none, none];
      while (sum < place && p >= least * none) {
        p *= ratio(n++);
        sum += p;
      }
      return n;
    },
  };
}

/** The most likely count: the largest n with p(n) at least p(n - 1). */
const modeOf = (mean: number, dispersion: number): number =>
  Math.max(0, Math.floor(mean - (dispersion < 1 ? dispersion * mean : mean)));
