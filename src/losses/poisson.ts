import { log, readOptions, type FieldsOf, type Filled } from "../base";
import type { Comparison } from "../kernels";
import { binWidthField, countMeans, gainField, linkField, links, type CountOptions, type LinkName } from "./link";
import type { EntryLoss } from "./loss";

/** Options of {@link poissonLoss}. */
export interface PoissonOptions extends CountOptions {}

/** See {@link poissonLoss}. */
export interface PoissonLoss extends EntryLoss {
  readonly kind: "poisson";
  readonly binWidth: number;
  readonly gain: number;
  readonly link: LinkName;
}

const fields = {
  binWidth: binWidthField,
  gain: gainField,
  link: linkField,
} as const satisfies FieldsOf<PoissonOptions>;

/**
 * Spike counts: `count ~ Poisson(rate)`, `rate = binWidth f(gain C h + bias)`, f softplus or exp; without a readout
 * C is the identity. The loss is the mean of `rate - count log rate` over the observed entries: the negative log
 * likelihood in nats per entry, less `log count!`, which does not depend on parameters.
 *
 * @throws {@link LtrnnError} when binWidth or gain is not above 0, or the link has another name
 * @example poissonLoss({ binWidth: 0.02 }).link // "softplus"
 */
export function poissonLoss(options?: PoissonOptions): PoissonLoss {
  return make(readOptions<PoissonOptions, typeof fields>("poissonLoss", options, fields));
}

function make({ binWidth, gain, link }: Filled<PoissonOptions, typeof fields>): PoissonLoss {
  const logBinWidth = log(binWidth),
    { at, number } = links[link];
  return {
    kind: "poisson",
    description: { kind: "poisson", binWidth, gain, link },
    binWidth,
    gain,
    link,
    targets: "counts",
    ...countMeans(link, binWidth),
    information(z) {
      const { slope, slopeOfLog } = at(z);
      return binWidth * slope * slopeOfLog; // (d mean / dz)² / mean
    },
    entry(z, count) {
      const { f, logF, slope, slopeOfLog } = at(z);
      return [binWidth * f - count * (logF + logBinWidth), binWidth * slope - count * slopeOfLog];
    },
    compare: ({ kernels, gradient, outputs, targets, rows, scale }: Comparison) =>
      kernels.countLoss(gradient, outputs, targets, rows, scale, binWidth, logBinWidth, number, 0, 0, 1),
  };
}

/** How `lossFrom` makes it. */
export const poissonKind = { fields, make } as const;
