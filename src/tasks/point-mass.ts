import { checkAbove } from "../base";
import type { Plant } from "../kernels";

/** A hand moved by a 2-D force; units as you like, as long as they agree. */
export interface PointMassOptions {
  readonly mass?: number;
  /** viscous friction: force against velocity, isotropic */
  readonly friction?: number;
  /** velocity-dependent curl field: a force `curl (v_y, -v_x)`, to the right of the movement where curl > 0 */
  readonly curl?: number;
  /** force per unit of the network's output */
  readonly strength?: number;
  /** time step, as the network's */
  readonly dt: number;
  /** position and velocity come back to the network as four inputs */
  readonly feedback?: boolean;
}

/**
 * A point mass with viscous friction in a velocity-dependent curl field, state (p_x, p_y, v_x, v_y), at rest in the origin first.
 *
 * Semi-implicit Euler: `v <- v + dt/m (F - friction v + curl R v)`, `p <- p + dt v`, R turning v clockwise by 90 degrees.
 *
 * @throws {@link LtrnnError} when mass or dt is not positive
 * @see Shadmehr & Mussa-Ivaldi (1994), Adaptive representation of dynamics during learning of a motor task, J. Neurosci. 14: the field
 * @example pointMass({ dt: 0.02, curl: 5 }).states // 4
 */
export function pointMass({
  mass = 1,
  friction = 0,
  curl = 0,
  strength = 1,
  dt,
  feedback = false,
}: PointMassOptions): Plant {
  checkAbove("pointMass", "mass", mass, 0);
  checkAbove("pointMass", "dt", dt, 0);
  checkAbove("pointMass", "friction", friction, 0, true);
  checkAbove("pointMass", "curl", curl, -Infinity);
  checkAbove("pointMass", "strength", strength, 0);
  const kick = (dt / mass) * strength,
    keep = 1 - (dt / mass) * friction,
    turn = (dt / mass) * curl;
  return {
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
