import { checkAbove, checkWhole } from "../base";

/**
 * A rate that rises linearly over `warmup` steps and falls as half a cosine to `floor` times its peak at `steps` (Loshchilov & Hutter 2017).
 *
 * @example [0, 5, 10].map(cosineDecay(1, { steps: 10 })) // [1, 0.5, 0]
 */
export function cosineDecay(
  peak: number,
  { steps, warmup = 0, floor = 0 }: { readonly steps: number; readonly warmup?: number; readonly floor?: number },
): (step: number) => number {
  checkAbove("cosineDecay", "peak", peak, 0);
  checkWhole("cosineDecay", "warmup", warmup, 0);
  checkWhole("cosineDecay", "steps", steps, warmup + 1);
  checkAbove("cosineDecay", "floor", floor, 0, true);
  return (step) => {
    if (step < warmup) return (peak * (step + 1)) / (warmup + 1);
    const done = Math.min(1, (step - warmup) / (steps - warmup));
    return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * done))) / 2);
  };
}
