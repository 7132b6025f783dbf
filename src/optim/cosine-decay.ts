import { checkAbove, checkWhole, readOptions, type FieldsOf, cos } from "../base";
import type { ScheduleDescription, ScheduleKind } from "./schedule";

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** updates until the rate is down */
  readonly steps: number;
  /** updates over which it rises first; default 0 */
  readonly warmup?: number;
  /** what it falls to, as a fraction of its peak, at most 1; default 0 */
  readonly floor?: number;
}

const table = {
  steps: { is: "whole number", least: 1, needed: true },
  warmup: { is: "whole number", least: 0, fallback: 0 },
  floor: { is: "number", least: 0, most: 1, fallback: 0 },
} as const satisfies FieldsOf<CosineDecayOptions>;

/** A schedule with the description that makes it again. */
export type CosineDecay = ((step: number) => number) & {
  readonly description: ScheduleDescription & Required<CosineDecayOptions> & { readonly peak: number };
};

/**
 * A rate that rises linearly over `warmup` steps and falls as half a cosine to `floor` times its peak at `steps`.
 *
 * @throws {@link LtrnnError} for numbers out of range, a warmup that leaves no step to fall, and unknown names
 * @see Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts, ICLR
 * @example [0, 5, 10].map(cosineDecay(1, { steps: 10 })) // [1, 0.5, 0]
 */
export const cosineDecay = (peak: number, options: CosineDecayOptions): CosineDecay =>
  cosineDecayOf("cosineDecay", peak, options);

function cosineDecayOf(where: string, peak: number, options: CosineDecayOptions): CosineDecay {
  const { steps, warmup, floor } = readOptions(where, options, table);
  checkAbove(where, "peak", peak, 0);
  checkWhole(where, "steps", steps, warmup + 1);
  const rate = (step: number) => {
    if (step < warmup) return (peak * (step + 1)) / (warmup + 1);
    const done = Math.min(1, (step - warmup) / (steps - warmup));
    return peak * (floor + ((1 - floor) * (1 + cos(Math.PI * done))) / 2);
  };
  return Object.assign(rate, { description: { kind: "cosineDecay", peak, steps, warmup, floor } as const });
}

export const cosineDecayKind: ScheduleKind = {
  kind: "cosineDecay",
  make: (where, { peak, ...options }: CosineDecayOptions & { readonly peak: number }) =>
    cosineDecayOf(where, peak, options),
};
