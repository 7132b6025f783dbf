import type { Matrix } from "../tensor";

/** Strengths of penalties; those along modes by mode, 0 where there is none. */
export interface Penalties {
  readonly ridge: number;
  readonly smooth: readonly number[];
}

/** `ridge ‖F‖²` of every factor and `smooth ‖differences of neighboring rows‖²`; gradients are added to those given. */
export function penaltyOf(
  factors: readonly Matrix[],
  { ridge, smooth }: Penalties,
  gradients: readonly Matrix[],
): number {
  let sum = 0;
  factors.forEach(({ shape: [, rank], data }, mode) => {
    const g = gradients[mode].data,
      along = smooth[mode] ?? 0;
    for (let i = 0; i < data.length; i++) {
      sum += ridge * data[i] * data[i];
      g[i] += 2 * ridge * data[i];
      if (along === 0 || i < rank) continue;
      const difference = data[i] - data[i - rank];
      sum += along * difference * difference;
      g[i] += 2 * along * difference;
      g[i - rank] -= 2 * along * difference;
    }
  });
  return sum;
}
