/** What a search sees of the loss along a line: value and slope at a step. */
export interface Point {
  readonly step: number;
  readonly loss: number;
  readonly slope: number;
}

/** What is asked of the point that a search ends at. */
export interface WolfeOptions {
  /** how much of the fall that the slope promises must come true */
  readonly decrease: number;
  /** how much of the slope may be left */
  readonly curvature: number;
  /** evaluations to make at most */
  readonly evaluations: number;
}

/** Why a line has no lower point: flat to rounding, rising where its slope falls, nowhere finite, or none was found. */
export type NoPoint = "flat" | "rising" | "not finite" | "not found";

/** What losses that differ by rounding can differ by. */
export const roundingOf = (loss: number): number => 64 * Number.EPSILON * Math.abs(loss);

/**
 * A point that meets the strong Wolfe conditions, or the lowest one found that falls: points are bracketed as in
 * Nocedal & Wright (2006), algorithms 3.5 and 3.6, with cubic interpolation. A point that is not finite bounds the
 * steps from above. Where losses are flat to rounding, slopes say whether they fall, as in Hager & Zhang (2005), SIAM
 * Journal on Optimization 16, equation 1.6.
 */
export async function wolfeSearch<P extends Point>(
  at: (step: number) => Promise<P | undefined>,
  start: Point,
  { decrease, curvature, evaluations }: WolfeOptions,
): Promise<P | NoPoint> {
  const noise = roundingOf(start.loss);
  const isFlat = (p: Point) => Math.abs(p.loss - start.loss) <= noise;
  const falls = (p: Point) => p.loss <= start.loss + decrease * p.step * start.slope;
  const isBetter = (p: Point) => (isFlat(p) ? p.slope <= (2 * decrease - 1) * start.slope : falls(p));
  let low: Point = start, // the lowest point that falls; its slope points into the bracket
    best: P | undefined, // the same, where it is not the start
    high: Point | undefined, // the bracket's other end
    rise: Point | undefined, // the nearest point that is higher, where single precision would tell a fall
    limit = Infinity, // the shortest step that was not finite
    step = 1;
  const widths = [Infinity, Infinity]; // of the last two brackets
  for (let count = 0; count < evaluations; count++) {
    const point = await at(step);
    if (!point) {
      if (low.step > step) break;
      [limit, high] = [step, undefined];
      step = low.step + (limit - low.step) / 10;
      if (step === low.step) break;
      continue;
    }
    if (isBetter(point) && Math.abs(point.slope) <= curvature * Math.abs(start.slope)) return point;
    const telling = point.loss > start.loss && -step * start.slope > 1e-6 * Math.abs(start.loss);
    if (telling && !(rise && rise.step < step)) rise = point;
    const before = low,
      bySlope = isFlat(point) && isFlat(low);
    if (!bySlope && (!falls(point) || point.loss >= low.loss)) high = point;
    else {
      if (point.slope * ((high?.step ?? Infinity) - low.step) >= 0) high = low;
      low = best = point;
    }
    if (!high) {
      step = further(before, point, limit);
      continue;
    }
    const width = Math.abs(high.step - low.step);
    step = width > (2 / 3) * widths[0] ? (low.step + high.step) / 2 : within(low, high, isFlat(low) && isFlat(high));
    widths.push(width);
    widths.shift();
    const resolved = rangeOf(low, high) <= noise && !(isFlat(low) && isFlat(high));
    if (resolved || step === low.step || step === high.step) break;
  }
  if (best && isBetter(best) && !isFlat(best)) return best;
  if (rise && rise.slope < 0) return "rising";
  if (best && isBetter(best)) return best;
  if (!high) return best ? "flat" : "not finite";
  return rangeOf(low, high) <= 1e3 * noise ? "flat" : "not found";
}

/** How much the loss can differ within a bracket, as far as the slopes at its ends tell. */
const rangeOf = (low: Point, high: Point): number =>
  Math.abs(high.step - low.step) * Math.max(Math.abs(low.slope), Math.abs(high.slope));

/** A longer step, where the slope still falls: by the cubic, at most ten times as far from the point before. */
function further(before: Point, point: Point, limit: number): number {
  const gap = point.step - before.step,
    guess = cubicMinimum(before, point);
  const step = guess > point.step ? Math.min(Math.max(guess, point.step + gap / 10), point.step + 9 * gap) : Infinity;
  return Math.min(step, point.step + 9 * gap, (point.step + limit) / 2);
}

/** A step a tenth of the bracket away from its ends: by the cubic, or by the slopes where losses are rounded. */
function within(low: Point, high: Point, bySlope: boolean): number {
  const gap = high.step - low.step,
    guess = bySlope ? low.step - (low.slope * gap) / (high.slope - low.slope) : cubicMinimum(low, high);
  const part = (guess - low.step) / gap;
  return low.step + gap * (Number.isNaN(part) ? 1 / 2 : Math.min(Math.max(part, 1 / 10), 9 / 10));
}

/** Where the cubic through two points with their slopes is lowest. Nocedal & Wright (2006), equation 3.59. */
function cubicMinimum(p: Point, q: Point): number {
  const gap = q.step - p.step,
    d = p.slope + q.slope - (3 * (q.loss - p.loss)) / gap,
    root = Math.sign(gap) * Math.sqrt(d * d - p.slope * q.slope);
  return q.step - (gap * (q.slope + root - d)) / (q.slope - p.slope + 2 * root);
}
