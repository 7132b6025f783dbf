import { log, log1p, readOptions, type FieldsOf, type Filled } from "../base";
import type { Comparison } from "../kernels";
import { checkDispersion, dispersionsOf, type DispersionOption } from "./dispersion";
import { learnedDispersion } from "./learned-dispersion";
import { binWidthField, countMeans, gainField, linkField, links, type CountOptions, type LinkName } from "./link";
import type { EntryLoss } from "./loss";
import { risingLogs } from "./rising-log";

/** Options of {@link negativeBinomialLoss}. */
export interface NegativeBinomialOptions extends CountOptions {
  /**
   * how much more counts vary than Poisson counts: their variance is `mean + dispersion mean²`, so 0.5 at a mean of 2
   * doubles it. A number, or one for each output, from 1e-10 to 1e10; "neuron" learns one for each output, "shared" one
   * for all
   */
  readonly dispersion: DispersionOption;
  /**
   * where learned dispersions start: natural logarithms, one for each output, or one for all. Default that of a tenth
   */
  readonly logDispersion?: readonly number[] | undefined;
}

/** See {@link negativeBinomialLoss}. */
export interface NegativeBinomialLoss extends EntryLoss {
  readonly kind: "negativeBinomial";
  readonly dispersion: DispersionOption;
  readonly binWidth: number;
  readonly gain: number;
  readonly link: LinkName;
}

const fields = {
  dispersion: { is: "checked", check: checkDispersion }, // missing: refused where it is read, by what it may be
  logDispersion: { is: "list", of: { is: "number", least: -1e3, most: 1e3 } },
  binWidth: binWidthField,
  gain: gainField,
  link: linkField,
} as const satisfies FieldsOf<NegativeBinomialOptions>;

/**
 * Loss for spike counts that vary more than Poisson counts: `count ~ NegativeBinomial` with
 * `mean = binWidth f(gain C h + bias)` and variance `mean + s mean²`, s the dispersion, f softplus or exp; without a
 * readout C is the identity. The loss is the mean of `(count + 1/s) log(1 + s mean) - count log mean` over the observed
 * entries: the negative log likelihood in nats per entry, less terms that do not depend on parameters. As s goes to 0
 * it becomes {@link poissonLoss}.
 *
 * Learned dispersions are `s = 1e-10 + exp(logDispersion)`, and the loss has their part of the likelihood, less
 * `log count!` alone: minus `sum over j < count of log(1 + s j)`. `logDispersion` trains with the network, in
 * `fitLowTensorRank` by itself, and in `networkObjective` where it is among the parameters that start.
 *
 * @throws {@link LtrnnError} when dispersion, binWidth or gain is out of range, the link has another name, or
 * logDispersion is given without a dispersion to learn
 * @see Goris, Movshon & Simoncelli (2014), Partitioning neuronal variability, Nature Neuroscience 17
 * @example negativeBinomialLoss({ dispersion: 0.5, binWidth: 0.02 }).link // "softplus"
 */
export function negativeBinomialLoss(options: NegativeBinomialOptions): NegativeBinomialLoss {
  const where = "negativeBinomialLoss";
  return make(readOptions<NegativeBinomialOptions, typeof fields>(where, options, fields) as Given, where);
}

type Given = Omit<Filled<NegativeBinomialOptions, typeof fields>, "dispersion"> &
  Pick<NegativeBinomialOptions, "dispersion">;

function make(given: Given, where = "lossFrom"): NegativeBinomialLoss {
  const { dispersion, binWidth, gain, link } = given,
    { s, logs } = dispersionsOf(where, given),
    logBinWidth = log(binWidth),
    { at, number } = links[link],
    rising = logs && s.map(risingLogs),
    of = (output: number) => (s.length === 1 ? 0 : output);
  return {
    kind: "negativeBinomial",
    description: {
      kind: "negativeBinomial",
      dispersion,
      ...(logs ? { logDispersion: logs } : {}),
      binWidth,
      gain,
      link,
    },
    dispersion,
    binWidth,
    gain,
    link,
    targets: "counts",
    ...(typeof dispersion === "number" || dispersion === "shared" ? {} : { outputs: s.length }),
    ...countMeans(link, binWidth),
    information(z, output = 0) {
      const { f, slope, slopeOfLog } = at(z);
      return (binWidth * slope * slopeOfLog) / (1 + s[of(output)] * binWidth * f); // (d mean / dz)² / variance
    },
    entry(z, count, output = 0) {
      const { f, logF, slope, slopeOfLog } = at(z),
        own = of(output),
        y = s[own] * binWidth * f;
      return [
        (count + 1 / s[own]) * log1p(y) - count * (logF + logBinWidth) - (rising ? rising[own](count)[0] : 0),
        (binWidth * slope - count * slopeOfLog) / (1 + y),
      ];
    },
    compare(comparison) {
      const { kernels, gradient, outputs, targets, rows, columns, scale, room, slopes } = comparison,
        repeat = s.length === 1 ? 1 : columns,
        { f64 } = kernels.workspace,
        first = room / 8;
      f64.set(s, first);
      f64.fill(0, first + repeat, first + 2 * repeat);
      const ofCounts = rising ? sumOfCounts(comparison, rising, slopes) : 0, // before the gradient is where they are
        ofMeans = kernels.countLoss(
          gradient,
          outputs,
          targets,
          rows,
          scale,
          binWidth,
          logBinWidth,
          number,
          room,
          slopes ? room + 8 * repeat : 0,
          repeat,
        );
      for (let output = 0; slopes && output < repeat; output++) slopes[output] += f64[first + repeat + output];
      return ofMeans - ofCounts;
    },
    ...(logs ? { learned: learnedDispersion({ s, logs, shared: dispersion === "shared" }, learnedAgain(given)) } : {}),
  };

  function learnedAgain(before: Given) {
    return {
      at: (logDispersion: readonly number[]) => make({ ...before, logDispersion }),
      mean: (z: number) => binWidth * at(z).f,
    };
  }
}

/** The sum of `rising` over all counts; its slopes in log s are taken from those of their output. */
function sumOfCounts(
  { kernels: { workspace, bytes, lanes }, targets, rows, columns }: Comparison,
  rising: readonly ReturnType<typeof risingLogs>[],
  slopes: Float64Array | undefined,
): number {
  const m = bytes === 4 ? workspace.f32 : workspace.f64;
  let sum = 0;
  for (let row = 0, i = targets / bytes; row < rows; row++) {
    const output = rising.length === 1 ? 0 : row % columns;
    for (const end = i + lanes; i < end; i++) {
      if (!(m[i] > 1)) continue; // none, one, or missing
      const [value, slope] = rising[output](m[i]);
      sum += value;
      if (slopes) slopes[output] -= slope;
    }
  }
  return sum;
}

/** How `lossFrom` makes it. */
export const negativeBinomialKind = { fields, make } as const;
