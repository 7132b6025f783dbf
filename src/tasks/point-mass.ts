import { cos, readOptions, sin, type FieldsOf } from "../base";
import type { Plant } from "../kernels";

/** A hand moved by a force in the plane; any units, as long as they agree. */
export interface PointMassOptions {
  /** above 0; default 1 */
  readonly mass?: number;
  /** viscous friction: force against velocity, the same in all directions; at least 0, default 0 */
  readonly friction?: number;
  /** velocity-dependent curl field: a force `curl (v_y, -v_x)`, to the right of the movement if curl > 0; default 0 */
  readonly curl?: number;
  /** visuomotor rotation: the cursor is the hand turned by so many radians, counter-clockwise; default 0 */
  readonly rotation?: number;
  /** force per unit of the network's output, above 0; default 1 */
  readonly strength?: number;
  /** time step, as the network's; above 0 */
  readonly dt: number;
  /** position and velocity of the cursor come back to the network as four inputs; default false */
  readonly feedback?: boolean;
}

const table = {
  mass: { is: "number", above: 0, fallback: 1 },
  friction: { is: "number", least: 0, fallback: 0 },
  curl: { is: "number", fallback: 0 },
  rotation: { is: "number", fallback: 0 },
  strength: { is: "number", above: 0, fallback: 1 },
  dt: { is: "number", above: 0, needed: true },
  feedback: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<PointMassOptions>;

/**
 * A point mass with viscous friction in a velocity-dependent curl field. Its state (p_x, p_y, v_x, v_y) is that of the
 * cursor on the screen, and starts at rest in the origin. Without a rotation, the cursor is where the hand is.
 *
 * Semi-implicit Euler: `v <- v + dt/m (Q F - friction v + curl R v)`, `p <- p + dt v`, where R turns v clockwise by 90
 * degrees, and Q by the angle of the visuomotor rotation: friction and field commute with it.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Shadmehr & Mussa-Ivaldi (1994), Adaptive representation of dynamics during learning of a motor task, J.
 * Neurosci. 14: the field. Krakauer, Pine, Ghilardi & Ghez (2000), Learning of visuomotor transformations for vectorial
 * planning of reaching trajectories, J. Neurosci. 20: the rotation
 * @example pointMass({ dt: 0.02, curl: 5 }).states // 4
 */
export const pointMass = (options: PointMassOptions): Plant => pointMassOf("pointMass", options);

export function pointMassOf(where: string, options: PointMassOptions, called?: string): Plant {
  const numbers = readOptions(where, options, table, called);
  const { mass, friction, curl, rotation, strength, dt, feedback } = numbers;
  const kick = (dt / mass) * strength,
    along = kick * cos(rotation),
    across = kick * sin(rotation),
    keep = 1 - (dt / mass) * friction,
    turn = (dt / mass) * curl;
  return {
    description: { kind: "pointMass", ...numbers },
    states: 4,
    controls: 2,
    feedback: feedback ? 4 : 0,
    init: (s) => s.fill(0),
    step(next, s, f) {
      next[2] = keep * s[2] + turn * s[3] + (along * f[0] - across * f[1]);
      next[3] = keep * s[3] - turn * s[2] + (across * f[0] + along * f[1]);
      next[0] = s[0] + dt * next[2];
      next[1] = s[1] + dt * next[3];
    },
    stepAdjoint(ds, df, dNext) {
      const dvx = dNext[2] + dt * dNext[0],
        dvy = dNext[3] + dt * dNext[1];
      ds[0] += dNext[0];
      ds[1] += dNext[1];
      ds[2] += keep * dvx - turn * dvy;
      ds[3] += keep * dvy + turn * dvx;
      df[0] += along * dvx + across * dvy;
      df[1] += along * dvy - across * dvx;
    },
  };
}
