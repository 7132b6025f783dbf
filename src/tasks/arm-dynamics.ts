import { cos, sin } from "../base";

/** A rigid part of the arm, from its own joint to the next. */
export interface ArmSegment {
  /** kg, above 0 */
  readonly mass?: number;
  /** m, above 0 */
  readonly length?: number;
  /** m from its joint to its center of mass; at least 0 */
  readonly center?: number;
  /** kg m², about its joint: at least mass times center² */
  readonly inertia?: number;
}

/** What the equations of motion are made of. */
export interface ArmConstants {
  readonly upper: Required<ArmSegment>;
  readonly fore: Required<ArmSegment>;
  /** N m s */
  readonly friction: number;
  /** N s / m */
  readonly curl: number;
}

/**
 * Two rigid segments in a horizontal plane. With angles q_1 of the upper arm and q_1 + q_2 of the forearm against the x
 * axis, the Lagrangian is the kinetic energy,
 *
 * `L = 1/2 I_1 q̇_1² + 1/2 m_2 l_1² q̇_1² + 1/2 I_2 (q̇_1 + q̇_2)² + m_2 l_1 s_2 cos(q_2) q̇_1 (q̇_1 + q̇_2)`,
 *
 * with inertias about the joints. Its equations are `M(q) q̈ + c(q, q̇) = torque - friction q̇ + J' F`, with
 * `a_1 = I_1 + I_2 + m_2 l_1²`, `a_2 = m_2 l_1 s_2`, `a_3 = I_2`,
 * `M = [[a_1 + 2 a_2 cos q_2, a_3 + a_2 cos q_2], [a_3 + a_2 cos q_2, a_3]]`,
 * `c = a_2 sin q_2 [-q̇_2 (2 q̇_1 + q̇_2), q̇_1²]`. The curl field F = curl (v_y, -v_x) at the hand is the torque
 * `J' F = curl l_1 l_2 sin q_2 (q̇_2, -q̇_1)`, because `J' S J = det(J) S` for the quarter turn S.
 */
export function armDynamics({ upper, fore, friction, curl }: ArmConstants) {
  const a1 = upper.inertia + fore.inertia + fore.mass * upper.length * upper.length,
    a2 = fore.mass * upper.length * fore.center,
    a3 = fore.inertia,
    field = curl * upper.length * fore.length;
  /** `M^-1 (x, y)`, which is symmetric */
  const solve = (cosine: number, x: number, y: number): readonly [number, number] => {
    const m11 = a1 + 2 * a2 * cosine,
      m12 = a3 + a2 * cosine,
      determinant = m11 * a3 - m12 * m12;
    return [(a3 * x - m12 * y) / determinant, (m11 * y - m12 * x) / determinant];
  };
  /** What accelerations the torques give, y = (q_1, q_2, q̇_1, q̇_2, ...). */
  const accelerations = (y: Float64Array, torque1: number, torque2: number): readonly [number, number] => {
    const [, q2, w1, w2] = y,
      s = sin(q2);
    const x1 = torque1 + (a2 * w2 * (2 * w1 + w2) + field * w2) * s - friction * w1,
      x2 = torque2 - (a2 * w1 * w1 + field * w1) * s - friction * w2;
    return solve(cos(q2), x1, x2);
  };
  return {
    accelerations,
    /** What torques give these accelerations. */
    torques(y: Float64Array, acceleration1: number, acceleration2: number): readonly [number, number] {
      const [, q2, w1, w2] = y,
        [s, c] = [sin(q2), cos(q2)];
      return [
        (a1 + 2 * a2 * c) * acceleration1 +
          (a3 + a2 * c) * acceleration2 -
          (a2 * w2 * (2 * w1 + w2) + field * w2) * s +
          friction * w1,
        (a3 + a2 * c) * acceleration1 + a3 * acceleration2 + (a2 * w1 * w1 + field * w1) * s + friction * w2,
      ];
    },
    /**
     * Adjoint of the accelerations: dY takes the gradient in y; returns that in the torques.
     * From `M q̈ = r`: with `μ = M^-1 dq̈`, `dr = μ` and `dM = -μ q̈'`.
     */
    adjoint(
      dY: Float64Array,
      [d1, d2]: readonly [number, number],
      y: Float64Array,
      [torque1, torque2]: readonly [number, number],
    ): readonly [number, number] {
      const [, q2, w1, w2] = y,
        [s, c] = [sin(q2), cos(q2)],
        [acceleration1, acceleration2] = accelerations(y, torque1, torque2),
        [mu1, mu2] = solve(c, d1, d2);
      dY[1] +=
        mu1 * ((a2 * w2 * (2 * w1 + w2) + field * w2) * c + a2 * s * (2 * acceleration1 + acceleration2)) +
        mu2 * (a2 * s * acceleration1 - (a2 * w1 * w1 + field * w1) * c);
      dY[2] += mu1 * (2 * a2 * w2 * s - friction) - mu2 * (2 * a2 * w1 + field) * s;
      dY[3] += mu1 * (2 * a2 * (w1 + w2) + field) * s - mu2 * friction;
      return [mu1, mu2];
    },
  };
}
