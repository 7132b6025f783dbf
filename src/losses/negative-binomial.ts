import { log, log1p, readOptions, type FieldsOf, type Filled } from "../base";
import type { Comparison } from "../kernels";
import { binWidthField, countMeans, gainField, linkField, links, type CountOptions, type LinkName } from "./link";
import type { EntryLoss } from "./loss";

/** What a {@link negativeBinomialLoss} is made of. */
export interface NegativeBinomialOptions extends CountOptions {
  /**
   * how much counts vary beyond a Poisson's: their variance is `mean + dispersion mean²`, so 0.5 at a mean of 2 doubles
   * it. From 1e-10 to 1e10
   */
  readonly dispersion: number;
}

/** See {@link negativeBinomialLoss}. */
export interface NegativeBinomialLoss extends EntryLoss {
  readonly kind: "negativeBinomial";
  readonly dispersion: number;
  readonly binWidth: number;
  readonly gain: number;
  readonly link: LinkName;
}

const fields = {
  dispersion: { is: "number", least: 1e-10, most: 1e10, needed: true },
  binWidth: binWidthField,
  gain: gainField,
  link: linkField,
} as const satisfies FieldsOf<NegativeBinomialOptions>;

/**
 * Spike counts that vary more than a Poisson's: `count ~ NegativeBinomial` with `mean = binWidth f(gain C h + bias)`
 * and variance `mean + s mean²`, s the dispersion, f softplus or exp; without a readout C is the identity. The loss is
 * the mean of `(count + 1/s) log(1 + s mean) - count log mean` over the observed entries: the negative log likelihood
 * in nats per entry, less what no parameter moves. As s goes to 0 it becomes {@link poissonLoss}.
 *
 * @throws {@link LtrnnError} when dispersion, binWidth or gain is out of range, or the link has another name
 * @see Goris, Movshon & Simoncelli (2014), Partitioning neuronal variability, Nature Neuroscience 17
 * @example negativeBinomialLoss({ dispersion: 0.5, binWidth: 0.02 }).link // "softplus"
 */
export function negativeBinomialLoss(options: NegativeBinomialOptions): NegativeBinomialLoss {
  return make(readOptions<NegativeBinomialOptions, typeof fields>("negativeBinomialLoss", options, fields));
}

function make({
  dispersion,
  binWidth,
  gain,
  link,
}: Filled<NegativeBinomialOptions, typeof fields>): NegativeBinomialLoss {
  const logBinWidth = log(binWidth),
    { at, number } = links[link];
  return {
    kind: "negativeBinomial",
    description: { kind: "negativeBinomial", dispersion, binWidth, gain, link },
    dispersion,
    binWidth,
    gain,
    link,
    targets: "counts",
    ...countMeans(link, binWidth),
    information(z) {
      const { f, slope, slopeOfLog } = at(z);
      return (binWidth * slope * slopeOfLog) / (1 + dispersion * binWidth * f); // (d mean / dz)² / variance
    },
    entry(z, count) {
      const { f, logF, slope, slopeOfLog } = at(z),
        y = dispersion * binWidth * f;
      return [
        (count + 1 / dispersion) * log1p(y) - count * (logF + logBinWidth),
        (binWidth * slope - count * slopeOfLog) / (1 + y),
      ];
    },
    compare: ({ kernels, gradient, outputs, targets, rows, scale }: Comparison) =>
      kernels.countLoss(gradient, outputs, targets, rows, scale, binWidth, logBinWidth, dispersion, number),
  };
}

/** How `lossFrom` makes it. */
export const negativeBinomialKind = { fields, make } as const;
