import { checkAbove, checkWhole, provenance, readOptions, type FieldsOf, cos, sin } from "../base";
import { zerosFor } from "../tensor";
import type { Task } from "./task";

/** Sizes of center-out reaching; times in the unit of dt. */
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

/**
 * Center-out reaching, one trial per target: stillness until the go cue, then a minimum-jerk reach to the target and
 * stillness there. Inputs are the direction of the target as cosine and sine, shown throughout, and the go cue, 0 then
 * 1. Targets are position and velocity of the hand, the states of a {@link pointMass}; {@link batchOnPlant} fits them
 * to another plant.
 *
 * Along the reach, at s = time since the cue over its duration, the hand has gone `radius (10 s³ - 15 s⁴ + 6 s⁵)`.
 *
 * @returns `conditions.angle`: the direction of each target, in radians
 * @throws {@link LtrnnError} when cue and reach do not fit in the trial
 * @see Flash & Hogan (1985), The coordination of arm movements, J. Neurosci. 5: minimum jerk
 * @example reaching({ targets: 8, steps: 40 }).batch.inputs.shape // [8, 40, 3]
 */
export function reaching(options?: ReachingOptions): Task<"angle"> {
  const where = "reaching",
    read = readOptions(where, options, table),
    { targets: count, steps, dt, cue, duration, radius } = read;
  checkWhole(where, "cue", cue, 0, steps);
  checkWhole(where, "duration", duration, 1, Math.max(1, steps - cue));
  checkAbove(where, "dt", dt, (1.875 * radius) / duration / Number.MAX_VALUE); // below it the top speed overflows
  const inputs = zerosFor(where, [count, steps, 3]),
    targets = zerosFor(where, [count, steps, 4]),
    angle = Array.from({ length: count }, (_, k) => (2 * Math.PI * k) / count);
  for (let k = 0; k < count; k++) {
    const x = cos(angle[k]),
      y = sin(angle[k]);
    for (let t = 0; t < steps; t++) {
      inputs.data.set([x, y, t >= cue ? 1 : 0], (k * steps + t) * 3);
      const s = Math.min(1, Math.max(0, (t + 1 - cue) / duration));
      const gone = radius * s * s * s * (10 - 15 * s + 6 * s * s),
        speed = (radius * 30 * s * s * (1 - s) * (1 - s)) / (duration * dt);
      targets.data.set([gone * x, gone * y, speed * x, speed * y], (k * steps + t) * 4);
    }
  }
  return {
    kind: "reaching",
    batch: { inputs, targets },
    conditions: { angle },
    channels: { inputs: ["cosine", "sine", "go"], targets: ["x", "y", "velocity x", "velocity y"] },
    dt,
    scored: "values",
    provenance: provenance(where, null, read),
  };
}
