/** What errors over trials say of adaptation. */

export interface Adaptation {
  /** of the last trial before the perturbation */
  readonly before: number;
  /** first trial with it, and the first without it again, less `before` */
  readonly jump: number;
  readonly afterEffect: number;
  /** last trial with it, less `before`, as a share of the jump */
  readonly left: number;
  /** trials, of the exponential that fits the errors best from the first trial with the perturbation to its last */
  readonly timeConstant: number;
  /** share of the variance of these errors that the exponential explains */
  readonly explained: number;
}

/**
 * Least squares of `end + (start - end) exp(-k / T)`: for each T of a grid from a third of a trial to ten times the
 * trials there are, both levels follow in closed form.
 */
export function fitExponential(errors: readonly number[]): {
  readonly timeConstant: number;
  readonly explained: number;
} {
  const n = errors.length,
    mean = errors.reduce((sum, y) => sum + y, 0) / n,
    total = errors.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  let best = { timeConstant: Number.NaN, explained: Number.NEGATIVE_INFINITY };
  for (let timeConstant = 1 / 3; timeConstant <= 10 * n; timeConstant *= 1.02) {
    const decay = errors.map((_, k) => Math.exp(-k / timeConstant)),
      center = decay.reduce((sum, x) => sum + x, 0) / n;
    let xx = 0,
      xy = 0;
    for (let k = 0; k < n; k++) {
      xx += (decay[k] - center) ** 2;
      xy += (decay[k] - center) * (errors[k] - mean);
    }
    const explained = (xy * xy) / (xx * total);
    if (explained > best.explained) best = { timeConstant, explained };
  }
  return best;
}

/** @param phases - the first trial with the perturbation, and the first without it again */
export function adaptationOf(errors: readonly number[], phases: readonly [on: number, off: number]): Adaptation {
  const [on, off] = phases,
    before = errors[on - 1],
    jump = errors[on] - before;
  return {
    before,
    jump,
    afterEffect: errors[off] - before,
    left: (errors[off - 1] - before) / jump,
    ...fitExponential(errors.slice(on, off)),
  };
}
