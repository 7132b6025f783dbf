import { exp, expm1, log, log1p } from "../base";

/** What takes an output z into a rate f(z). */
export interface Link {
  /** as kernels number it */
  readonly number: 0 | 1;
  /** f, its logarithm, its slope, and the slope of its logarithm */
  at(z: number): { readonly f: number; readonly logF: number; readonly slope: number; readonly slopeOfLog: number };
  /** the z of f(z) = rate > 0 */
  inverse(rate: number): number;
}

export const links = {
  softplus: {
    number: 0,
    // for z < 0 f is near w = e^z, so that log f = z + log(f / w)
    at(z) {
      const w = exp(-Math.abs(z)),
        tail = log1p(w),
        slope = z > 0 ? 1 / (1 + w) : w / (1 + w);
      if (z > 0) return { f: z + tail, logF: log(z + tail), slope, slopeOfLog: slope / (z + tail) };
      const ratio = w === 0 ? 1 : tail / w;
      return { f: tail, logF: z + log(ratio), slope, slopeOfLog: 1 / (1 + w) / ratio };
    },
    inverse: (rate) => rate + log(-expm1(-rate)),
  },
  exp: { number: 1, at: (z) => ({ f: exp(z), logF: z, slope: exp(z), slopeOfLog: 1 }), inverse: log },
} as const satisfies Readonly<Record<string, Link>>;

export type LinkName = keyof typeof links;

/** What losses on counts have in common. */
export interface CountOptions {
  /** width of the bins, in the time unit of rates; default 1 */
  readonly binWidth?: number | undefined;
  /** what the readout is multiplied by; default 1 */
  readonly gain?: number | undefined;
  /** f; default "softplus" */
  readonly link?: LinkName | undefined;
}

export const binWidthField = { is: "number", above: 0, fallback: 1 } as const;
export const gainField = { is: "number", above: 0, fallback: 1 } as const;
export const linkField = { is: "name", of: ["softplus", "exp"], fallback: "softplus" } as const;

/** Expected counts of outputs, and outputs of expected counts. */
export function countMeans(link: LinkName, binWidth: number) {
  const { at, inverse } = links[link];
  return {
    mean: (z: number) => binWidth * at(z).f,
    outputAt: (mean: number) => inverse(mean / binWidth),
  };
}
