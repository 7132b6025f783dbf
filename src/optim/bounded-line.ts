/** A point along a line: the loss and its slope there. */
export interface LinePoint {
  readonly step: number;
  readonly loss: number;
  readonly slope: number;
}

const decrease = 1e-4,
  steepness = 0.9,
  evaluations = 30;

/** Losses that differ by no more than this are the same to rounding. */
export const flatness = (loss: number): number => 8 * Number.EPSILON * Math.abs(loss);

/**
 * A step that meets the Wolfe conditions, or the longest one where the loss still falls there. Brackets are halved by
 * the minimum of the cubic through their ends, kept away from these. Where losses differ by rounding alone, slopes
 * decide (the approximate Wolfe conditions).
 *
 * @param at - the point at a step; undefined where the loss is not finite
 * @returns undefined where no step is found
 * @see Nocedal & Wright (2006), section 3.5; Hager & Zhang (2005), SIAM J. Optim. 16, section 4.1
 */
export function boundedLine<P extends LinePoint>(
  at: (step: number) => P | undefined,
  start: LinePoint,
  first: number,
  longest: number,
): P | undefined {
  let low: LinePoint = start,
    high: LinePoint | undefined,
    ceiling = Infinity, // of steps where the loss is not finite
    best: P | undefined,
    step = Math.min(first, longest);
  for (let round = 0; round < evaluations; round++) {
    const there = at(step);
    if (!there) ceiling = step;
    else {
      const isFlat = Math.abs(there.loss - start.loss) <= flatness(start.loss);
      const falls =
        there.loss <= start.loss + decrease * step * start.slope ||
        (isFlat && there.slope <= (2 * decrease - 1) * start.slope);
      if (!falls) high = there;
      else {
        if (there.slope >= steepness * start.slope || step >= longest) return there;
        low = best = there;
      }
    }
    if (high) step = between(low, high);
    else if (ceiling < Infinity) step = (low.step + ceiling) / 2;
    else step = Math.min(longest, 4 * step);
    if (!(step > low.step) || step === high?.step) break;
  }
  return best && start.loss - best.loss > flatness(start.loss) ? best : undefined;
}

/** The minimum of the cubic through both ends, at least a tenth of the bracket away from each. */
function between(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step,
    mean = (3 * (low.loss - high.loss)) / width + low.slope + high.slope,
    root = Math.sqrt(Math.max(0, mean * mean - low.slope * high.slope)),
    share = 1 - (high.slope + root - mean) / (high.slope - low.slope + 2 * root);
  return low.step + width * (Number.isFinite(share) ? Math.min(0.9, Math.max(0.1, share)) : 0.5);
}
