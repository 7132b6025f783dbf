import { exp, expm1, log, log1p, pow } from "../base";
import type { GcpLoss, GcpLossDescription } from "./gcp-loss";

/** Added to m in denominators and logarithms, as in the source. */
const floor = 1e-10;

const logistic = (m: number): number => {
  const w = exp(-Math.abs(m));
  return m > 0 ? 1 / (1 + w) : w / (1 + w);
};

/** x log m, 0 where x is. */
const xLog = (x: number, m: number): number => (x === 0 ? 0 : x * log(m + floor));

type Numbers<K> = Omit<Extract<GcpLossDescription, { kind: K }>, "kind">;
type Formulas = Omit<GcpLoss, "name" | "description">;

/** The losses of table 1.1 of Hong, Kolda & Duersch (2020): one row a kind, formulas from its numbers. */
export const formulas: { readonly [K in GcpLossDescription["kind"]]: (numbers: Numbers<K>) => Formulas } = {
  gaussian: () => ({
    value: (x, m) => (x - m) * (x - m),
    derivative: (x, m) => 2 * (m - x),
  }),
  poisson: () => ({
    data: "counts",
    nonNegative: true,
    value: (x, m) => m - xLog(x, m),
    derivative: (x, m) => 1 - x / (m + floor),
  }),
  poissonLog: () => ({
    data: "counts",
    value: (x, m) => exp(m) - x * m,
    derivative: (x, m) => exp(m) - x,
    mean: exp,
  }),
  // m is the odds p / (1 - p)
  bernoulli: () => ({
    data: "binary",
    nonNegative: true,
    value: (x, m) => log1p(m) - xLog(x, m),
    derivative: (x, m) => 1 / (1 + m) - x / (m + floor),
    mean: (m) => m / (1 + m),
  }),
  // m is the logarithm of the odds
  bernoulliLogit: () => ({
    data: "binary",
    value: (x, m) => Math.max(0, m) + log1p(exp(-Math.abs(m))) - x * m,
    derivative: (x, m) => logistic(m) - x,
    mean: logistic,
  }),
  // m is the odds of a success; the count is that of successes before `failures` failures
  negativeBinomial: ({ failures }) => ({
    data: "counts",
    nonNegative: true,
    value: (x, m) => (failures + x) * log1p(m) - xLog(x, m),
    derivative: (x, m) => (failures + x) / (1 + m) - x / (m + floor),
    mean: (m) => failures * m,
  }),
  gamma: () => ({
    data: "non-negative",
    nonNegative: true,
    value: (x, m) => x / (m + floor) + log(m + floor),
    derivative: (x, m) => (1 - x / (m + floor)) / (m + floor),
  }),
  rayleigh: () => ({
    data: "non-negative",
    nonNegative: true,
    value(x, m) {
      const share = x / (m + floor);
      return 2 * log(m + floor) + (Math.PI / 4) * share * share;
    },
    derivative(x, m) {
      const share = x / (m + floor);
      return (2 - (Math.PI / 2) * share * share) / (m + floor);
    },
  }),
  // a count is Poisson with mean m, and was seen because it is not 0
  zeroTruncatedPoisson: () => ({
    data: "positive counts",
    nonNegative: true,
    value: (x, m) => m + log(floor - expm1(-m)) - xLog(x, m),
    derivative(x, m) {
      const none = exp(-m);
      return 1 - x / (m + floor) + none / (floor - expm1(-m));
    },
    mean: (m) => (m + floor) / (floor - expm1(-m)),
  }),
  huber: ({ threshold }) => ({
    value(x, m) {
      const size = Math.abs(x - m);
      return size <= threshold ? size * size : (2 * size - threshold) * threshold;
    },
    derivative: (x, m) => 2 * Math.max(-threshold, Math.min(threshold, m - x)),
  }),
  beta: ({ beta }) => ({
    data: "non-negative",
    nonNegative: true,
    value(x, m) {
      const y = m + floor;
      if (beta === 1) return y - xLog(x, m);
      if (beta === 0) return x / y + log(y);
      return pow(y, beta) / beta - (x * pow(y, beta - 1)) / (beta - 1);
    },
    derivative: (x, m) => pow(m + floor, beta - 2) * (m + floor - x),
  }),
};
