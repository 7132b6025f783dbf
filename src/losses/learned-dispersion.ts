import { exp } from "../base";
import type { Params } from "../tensor";
import type { EntryLoss, LearnedLoss } from "./loss";

/** Dispersions s, the logarithms that stand for them, and whether all outputs have one. */
export interface StandingDispersion {
  readonly s: readonly number[];
  readonly logs: readonly number[];
  readonly shared: boolean;
}

/** How dispersions train along: their parameter `logDispersion`, with `s = 1e-10 + exp(logDispersion)`. */
export function learnedDispersion(
  { s, logs, shared }: StandingDispersion,
  again: { at(logs: readonly number[]): EntryLoss; mean(z: number): number },
): LearnedLoss {
  const change = logs.map((logarithm, i) => exp(logarithm) / s[i]); // d log s / d logDispersion
  const params = (of: (i: number) => number): Params => ({
    logDispersion: { shape: [logs.length], data: Float64Array.from(logs, (_, i) => of(i)) },
  });
  /** Of all outputs that an entry stands for. */
  const summed = (outputs: Float64Array, i: number): number =>
    logs.length > 1 ? outputs[i] : outputs.reduce((sum, x) => sum + x, 0);
  return {
    params: params((i) => logs[i]),
    at: ({ logDispersion }) => again.at(Array.from(logDispersion?.data ?? logs)),
    forOutputs: (outputs) => again.at(shared || logs.length > 1 ? logs : new Array<number>(outputs).fill(logs[0])),
    gradients: (slopes) => params((i) => change[i] * summed(slopes, i)),
    curvature: (curvatures) => params((i) => change[i] * change[i] * summed(curvatures, i)),
    // as if counts were normal with their variance v: (d log v / d log s)² / 2
    information(z, output) {
      const y = (logs.length === 1 ? s[0] : s[output]) * again.mean(z),
        share = y / (1 + y);
      return (share * share) / 2;
    },
  };
}
