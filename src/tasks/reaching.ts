import { checkAbove, checkWhole, readOptions, type FieldsOf, cos, sin } from "../base";
import { zeros, type Tensor3 } from "../tensor";

/** Sizes of centre-out reaching; times in the unit of dt. */
export interface ReachingOptions {
  /** targets on the circle, the first at angle 0, counter-clockwise; default 8 */
  readonly targets?: number;
  /** time steps of a trial; default 40 */
  readonly steps?: number;
  /** default 0.1 */
  readonly dt?: number;
  /** steps before the go cue: the hand must be still. Default 8 */
  readonly cue?: number;
  /** steps of the reach, from the cue on; cue and reach fit in the trial. Default 24 */
  readonly duration?: number;
  /** distance of the targets; default 1 */
  readonly radius?: number;
}

const table = {
  targets: { is: "whole number", least: 1, most: 1e6, fallback: 8 },
  steps: { is: "whole number", least: 1, most: 1e6, fallback: 40 },
  dt: { is: "number", above: 0, fallback: 0.1 },
  cue: { is: "whole number", least: 0, fallback: 8 },
  duration: { is: "whole number", least: 1, fallback: 24 },
  radius: { is: "number", above: 0, fallback: 1 },
} as const satisfies FieldsOf<ReachingOptions>;

/** One trial per target: what the network sees, and where the hand should be. */
export interface Reaching {
  /** (targets × time × 3): direction of the target as cosine and sine, shown throughout; go cue, 0 then 1 */
  readonly inputs: Tensor3;
  /** (targets × time × 4): position and velocity of a minimum-jerk reach, at the end of each step */
  readonly desired: Tensor3;
  /** angle of each target, in radians */
  readonly angles: readonly number[];
  readonly dt: number;
}

/**
 * Centre-out reaching: stillness until the go cue, then a minimum-jerk reach to the target and stillness there.
 *
 * Along the reach, at s = time since the cue over its duration, the hand has gone `radius (10 s³ - 15 s⁴ + 6 s⁵)`.
 *
 * @throws {@link LtrnnError} when cue and reach do not fit in the trial
 * @see Flash & Hogan (1985), The coordination of arm movements, J. Neurosci. 5: minimum jerk
 * @example reaching({ targets: 8, steps: 40 }).inputs.shape // [8, 40, 3]
 */
export function reaching(options?: ReachingOptions): Reaching {
  const { targets, steps, dt, cue, duration, radius } = readOptions("reaching", options, table);
  checkWhole("reaching", "cue", cue, 0, steps);
  checkWhole("reaching", "duration", duration, 1, Math.max(1, steps - cue));
  checkAbove("reaching", "dt", dt, (1.875 * radius) / duration / Number.MAX_VALUE); // below it the top speed overflows
  const inputs = zeros([targets, steps, 3]),
    desired = zeros([targets, steps, 4]);
  const angles = Array.from({ length: targets }, (_, k) => (2 * Math.PI * k) / targets);
  angles.forEach((angle, k) => {
    const direction = [cos(angle), sin(angle)];
    for (let t = 0; t < steps; t++) {
      inputs.data.set([...direction, t >= cue ? 1 : 0], (k * steps + t) * 3);
      const s = Math.min(1, Math.max(0, (t + 1 - cue) / duration));
      const gone = radius * s * s * s * (10 - 15 * s + 6 * s * s),
        speed = (radius * 30 * s * s * (1 - s) * (1 - s)) / (duration * dt);
      desired.data.set(
        [gone * direction[0], gone * direction[1], speed * direction[0], speed * direction[1]],
        (k * steps + t) * 4,
      );
    }
  });
  return { inputs, desired, angles, dt };
}
