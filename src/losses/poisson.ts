import { exp, log, log1p, readOptions, type FieldsOf } from "../base";
import type { Comparison } from "../kernels";
import type { EntryLoss } from "./loss";

/** What a {@link poissonLoss} is made of. */
export interface PoissonOptions {
  /** of the counts, in the unit of time that rates are wanted in; default 1 */
  readonly binWidth?: number | undefined;
  /** what the readout is multiplied by; default 1 */
  readonly gain?: number | undefined;
  /** f; default "softplus" */
  readonly link?: "softplus" | "exp" | undefined;
}

/** See {@link poissonLoss}. */
export interface PoissonLoss extends EntryLoss {
  readonly kind: "poisson";
  readonly binWidth: number;
  readonly gain: number;
  readonly link: "softplus" | "exp";
}

const fields = {
  binWidth: { is: "number", above: 0, fallback: 1 },
  gain: { is: "number", above: 0, fallback: 1 },
  link: { is: "name", of: ["softplus", "exp"], fallback: "softplus" },
} as const satisfies FieldsOf<PoissonOptions>;

/**
 * Spike counts: `count ~ Poisson(rate)`, `rate = binWidth f(gain C h + bias)`, f softplus or exp; without a readout
 * C is the
 * identity. The loss is the mean of `rate - count log rate` over the observed entries: the negative log likelihood less
 * `log count!`, which no parameter moves.
 *
 * @throws {@link LtrnnError} when binWidth or gain is not above 0, or the link has another name
 * @example poissonLoss({ binWidth: 0.02 }).link // "softplus"
 */
export function poissonLoss(options?: PoissonOptions): PoissonLoss {
  return make(readOptions<PoissonOptions, typeof fields>("poissonLoss", options, fields));
}

function make({
  binWidth,
  gain,
  link,
}: Required<{ [K in keyof PoissonOptions]: Exclude<PoissonOptions[K], undefined> }>): PoissonLoss {
  const logBinWidth = log(binWidth),
    linked = link === "exp" ? exponential : softplus;
  return {
    kind: "poisson",
    description: { kind: "poisson", binWidth, gain, link },
    binWidth,
    gain,
    link,
    targets: "counts",
    entry(z, count) {
      const { f, logF, slope, slopeOfLog } = linked(z);
      return [binWidth * f - count * (logF + logBinWidth), binWidth * slope - count * slopeOfLog];
    },
    compare: ({ kernels, gradient, outputs, targets, rows, scale }: Comparison) =>
      kernels.poisson(gradient, outputs, targets, rows, scale, binWidth, logBinWidth, link === "exp" ? 1 : 0),
  };
}

/** How `lossFrom` makes it. */
export const poissonKind = { fields, make } as const;

/** f = exp with its logarithm, its slope, and the slope of its logarithm. */
const exponential = (z: number) => ({ f: exp(z), logF: z, slope: exp(z), slopeOfLog: 1 });

/** The same of log(1 + e^z). For z < 0 f is near w = e^z, so that log f = z + log(f / w). */
function softplus(z: number) {
  const w = exp(-Math.abs(z)),
    tail = log1p(w),
    slope = z > 0 ? 1 / (1 + w) : w / (1 + w);
  if (z > 0) return { f: z + tail, logF: log(z + tail), slope, slopeOfLog: slope / (z + tail) };
  const ratio = w === 0 ? 1 : tail / w;
  return { f: tail, logF: z + log(ratio), slope, slopeOfLog: 1 / (1 + w) / ratio };
}
