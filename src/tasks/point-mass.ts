import { readOptions, type FieldsOf } from "../base";
import type { Plant } from "../kernels";

/** A hand moved by a force in the plane; any units, as long as they agree. */
export interface PointMassOptions {
  /** above 0; default 1 */
  readonly mass?: number;
  /** viscous friction: force against velocity, the same in all directions; at least 0, default 0 */
  readonly friction?: number;
  /** velocity-dependent curl field: a force `curl (v_y, -v_x)`, to the right of the movement if curl > 0; default 0 */
  readonly curl?: number;
  /** force per unit of the network's output, above 0; default 1 */
  readonly strength?: number;
  /** time step, as the network's; above 0 */
  readonly dt: number;
  /** position and velocity come back to the network as four inputs; default false */
  readonly feedback?: boolean;
}

const table = {
  mass: { is: "number", above: 0, fallback: 1 },
  friction: { is: "number", least: 0, fallback: 0 },
  curl: { is: "number", fallback: 0 },
  strength: { is: "number", above: 0, fallback: 1 },
  dt: { is: "number", above: 0, needed: true },
  feedback: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<PointMassOptions>;

/**
 * A point mass with viscous friction in a velocity-dependent curl field. Its state (p_x, p_y, v_x, v_y) starts at rest
 * in the origin.
 *
 * Semi-implicit Euler: `v <- v + dt/m (F - friction v + curl R v)`, `p <- p + dt v`, where R turns v clockwise by 90
 * degrees.
 *
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Shadmehr & Mussa-Ivaldi (1994), Adaptive representation of dynamics during learning of a motor task, J.
 * Neurosci. 14: the field
 * @example pointMass({ dt: 0.02, curl: 5 }).states // 4
 */
export const pointMass = (options: PointMassOptions): Plant => pointMassOf("pointMass", options);

export function pointMassOf(where: string, options: PointMassOptions, called?: string): Plant {
  const numbers = readOptions(where, options, table, called);
  const { mass, friction, curl, strength, dt, feedback } = numbers;
  const kick = (dt / mass) * strength,
    keep = 1 - (dt / mass) * friction,
    turn = (dt / mass) * curl;
  return {
    description: { kind: "pointMass", ...numbers },
    states: 4,
    controls: 2,
    feedback: feedback ? 4 : 0,
    init: (s) => s.fill(0),
    step(next, s, f) {
      next[2] = keep * s[2] + turn * s[3] + kick * f[0];
      next[3] = keep * s[3] - turn * s[2] + kick * f[1];
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
      df[0] += kick * dvx;
      df[1] += kick * dvy;
    },
  };
}
