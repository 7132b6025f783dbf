import { exp, log } from "../base";

/** A muscle across one joint or both. */
interface Muscle {
  /** torque at the shoulder and at the elbow per force: moment arms, in m, flexion positive */
  readonly arms: readonly [number, number];
  /** largest active force, in N */
  readonly force: number;
  /** optimal length of the fibers, in m, which they have where the arm starts */
  readonly length: number;
}

/**
 * Flexor and extensor of the shoulder, of the elbow, and of both. Moment arms near those of Katayama & Kawato (1993),
 * where the muscles across both joints are made alike, so that an arm whose muscles are all equally active is in
 * balance where it starts.
 */
const muscles: readonly Muscle[] = [
  { arms: [0.04, 0], force: 800, length: 0.12 },
  { arms: [-0.04, 0], force: 800, length: 0.12 },
  { arms: [0, 0.025], force: 700, length: 0.1 },
  { arms: [0, -0.025], force: 700, length: 0.1 },
  { arms: [0.028, 0.028], force: 500, length: 0.14 },
  { arms: [-0.028, -0.028], force: 500, length: 0.14 },
];

export const muscleCount = 6;
/** Time constants of activation and deactivation, in s; the steps of the arm must be below the first. */
export const activationTime = 0.015;
const deactivationTime = 0.06,
  /** how sharply activation turns into deactivation */
  sharpness = 10,
  /** fastest shortening, in optimal lengths per s */
  fastest = 10;

const logistic = (x: number) => 1 / (1 + exp(-x));
/** What a muscle is excited by, between 0 and 1: about the output itself, bent smoothly at both ends. */
const excitation = (output: number) => logistic(4 * output - 2);
/** The activation of a muscle whose output has always been 0. */
export const restingActivation = () => excitation(0);

const asinh = (x: number) => (x < 0 ? -1 : 1) * log(Math.abs(x) + Math.sqrt(x * x + 1));

/** Force against velocity, `d_1 asinh(d_2 v + d_3) + d_4`, shortening negative, and its derivative. */
function forceVelocity(v: number): readonly [number, number] {
  const x = -8.149 * v - 0.374;
  return [-0.318 * asinh(x) + 0.886, (0.318 * 8.149) / Math.sqrt(x * x + 1)];
}

/** Active force against length, `exp(-(l - 1)² / 0.45)`, and its derivative. */
function forceLength(l: number): readonly [number, number] {
  const value = exp(-((l - 1) * (l - 1)) / 0.45);
  return [value, (-2 * (l - 1) * value) / 0.45];
}

/** Passive force against length, `(exp(4 (l - 1) / 0.6) - 1) / (exp(4) - 1)`, and its derivative. */
function passiveForce(l: number): readonly [number, number] {
  const scale = exp(4) - 1,
    grown = exp((4 * (l - 1)) / 0.6);
  return [(grown - 1) / scale, ((4 / 0.6) * grown) / scale];
}

/**
 * Six Hill-type muscles with rigid tendons: `F = F_max (a f_L(l) f_V(v) + f_P(l))`, l in optimal lengths, v in fastest
 * shortenings, and torques by constant moment arms. Activation a follows excitation e by
 * `da/dt = (p / (τ_a (1/2 + 3/2 a)) + (1 - p) (1/2 + 3/2 a) / τ_d) (e - a)`, `p = logistic(20 (e - a))`.
 *
 * All curves are smooth. Activation and force-velocity: De Groote, Kinney, Rao & Fregly (2016), Evaluation of direct
 * collocation optimal control problem formulations for solving the muscle redundancy problem, Ann. Biomed. Eng. 44;
 * force-length and passive force: Thelen (2003), Adjustment of muscle mechanics model parameters to simulate dynamic
 * contractions in older adults, J. Biomech. Eng. 125.
 *
 * In y, activations follow angles and velocities.
 */
export function armMuscles([start1, start2]: readonly [number, number]) {
  const stretchOf = ({ arms: [r1, r2], length }: Muscle, y: Float64Array) =>
    1 - (r1 * (y[0] - start1) + r2 * (y[1] - start2)) / length;
  const speedOf = ({ arms: [r1, r2], length }: Muscle, y: Float64Array) =>
    -(r1 * y[2] + r2 * y[3]) / (length * fastest);
  return {
    torques(y: Float64Array): readonly [number, number] {
      let [torque1, torque2] = [0, 0];
      muscles.forEach((muscle, i) => {
        const l = stretchOf(muscle, y),
          [active] = forceLength(l),
          [byVelocity] = forceVelocity(speedOf(muscle, y)),
          [passive] = passiveForce(l),
          force = muscle.force * (y[4 + i] * active * byVelocity + passive);
        torque1 += muscle.arms[0] * force;
        torque2 += muscle.arms[1] * force;
      });
      return [torque1, torque2];
    },
    torquesAdjoint(dY: Float64Array, [d1, d2]: readonly [number, number], y: Float64Array): void {
      muscles.forEach((muscle, i) => {
        const { arms, length } = muscle,
          l = stretchOf(muscle, y),
          [active, dActive] = forceLength(l),
          [byVelocity, dByVelocity] = forceVelocity(speedOf(muscle, y)),
          [, dPassive] = passiveForce(l),
          dForce = muscle.force * (arms[0] * d1 + arms[1] * d2),
          dStretch = dForce * (y[4 + i] * dActive * byVelocity + dPassive),
          dSpeed = dForce * y[4 + i] * active * dByVelocity;
        dY[4 + i] += dForce * active * byVelocity;
        for (let joint = 0; joint < 2; joint++) {
          dY[joint] -= (arms[joint] / length) * dStretch;
          dY[2 + joint] -= (arms[joint] / (length * fastest)) * dSpeed;
        }
      });
    },
    /** Rates of the activations, from entry 4 on. */
    activate(rate: Float64Array, y: Float64Array, u: Float64Array): void {
      for (let i = 0; i < muscleCount; i++) {
        const a = y[4 + i],
          missing = excitation(u[i]) - a,
          rising = logistic(2 * sharpness * missing),
          ease = 0.5 + 1.5 * a;
        rate[4 + i] = (rising / (activationTime * ease) + ((1 - rising) * ease) / deactivationTime) * missing;
      }
    },
    activateAdjoint(dY: Float64Array, dU: Float64Array, dRate: Float64Array, y: Float64Array, u: Float64Array): void {
      for (let i = 0; i < muscleCount; i++) {
        const a = y[4 + i],
          e = excitation(u[i]),
          missing = e - a,
          rising = logistic(2 * sharpness * missing),
          ease = 0.5 + 1.5 * a,
          fast = 1 / (activationTime * ease),
          slow = ease / deactivationTime,
          pace = rising * fast + (1 - rising) * slow,
          dMissing = dRate[4 + i] * (pace + (fast - slow) * 2 * sharpness * rising * (1 - rising) * missing),
          dEase = dRate[4 + i] * ((1 - rising) / deactivationTime - (rising * fast) / ease) * missing;
        dY[4 + i] += 1.5 * dEase - dMissing;
        dU[i] += 4 * e * (1 - e) * dMissing;
      }
    },
  };
}
