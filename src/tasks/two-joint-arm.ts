import { fail, readOptions, show, type FieldsOf } from "../base";
import type { Plant } from "../kernels";
import { armDynamics, type ArmConstants, type ArmSegment } from "./arm-dynamics";
import { armHand } from "./arm-hand";
import { activationTime, armMuscles, muscleCount, restingActivation } from "./arm-muscles";
import { rungeKutta, type Flow } from "./runge-kutta";

/** An arm in a horizontal plane, in m, kg and s. */
export interface TwoJointArmOptions {
  /** s, as the network's */
  readonly dt: number;
  /** Runge-Kutta steps within dt; default 1 */
  readonly substeps?: number;
  /** upper arm and forearm with the hand; default those of a human arm as in Li & Todorov (2004) */
  readonly segments?: { readonly upper?: ArmSegment; readonly fore?: ArmSegment };
  /** viscous friction in each joint, in N m s; at least 0, default 0.05 */
  readonly friction?: number;
  /** angles of shoulder and elbow at the start, in radians; default [pi / 4, pi / 2] */
  readonly start?: readonly [shoulder: number, elbow: number];
  /** torque per unit of the network's output, in N m, above 0; default 1. Muscles have their own strength */
  readonly strength?: number;
  /** velocity-dependent curl field: a force `curl (v_y, -v_x)` on the hand, in N s / m; default 0 */
  readonly curl?: number;
  /** visuomotor rotation: the cursor is the hand turned about its start, counter-clockwise; default 0 */
  readonly rotation?: number;
  /** position and velocity of the cursor come back to the network as four inputs; default false */
  readonly feedback?: boolean;
  /** six Hill-type muscles in place of two torques; default false */
  readonly muscles?: boolean;
}

const segment = (mass: number, length: number, center: number, inertia: number) =>
  ({
    is: "record",
    of: {
      mass: { is: "number", above: 0, fallback: mass },
      length: { is: "number", above: 0, fallback: length },
      center: { is: "number", least: 0, fallback: center },
      inertia: { is: "number", above: 0, fallback: inertia },
    },
    fallback: {},
  }) as const;

const fields = () =>
  ({
    dt: { is: "number", above: 0, needed: true },
    substeps: { is: "whole number", least: 1, most: 1000, fallback: 1 },
    segments: {
      is: "record",
      of: { upper: segment(1.4, 0.3, 0.11, 0.025), fore: segment(1, 0.33, 0.16, 0.045) },
      fallback: {},
    },
    friction: { is: "number", least: 0, fallback: 0.05 },
    start: { is: "checked", check: checkAngles, fallback: [Math.PI / 4, Math.PI / 2] },
    strength: { is: "number", above: 0, fallback: 1 },
    curl: { is: "number", fallback: 0 },
    rotation: { is: "number", fallback: 0 },
    feedback: { is: "boolean", fallback: false },
    muscles: { is: "boolean", fallback: false },
  }) as const satisfies FieldsOf<TwoJointArmOptions>;

function checkAngles(where: string, name: string, value: unknown): void {
  if (!Array.isArray(value) || value.length !== 2 || !Array.from(value).every(Number.isFinite))
    fail(where, {
      expected: `${name} to be two finite angles, [shoulder, elbow]`,
      got: show(value),
      fix: "Pass such as [Math.PI / 4, Math.PI / 2].",
    });
}

/**
 * A two-joint arm in a horizontal plane, moved by two torques or by six muscles, in a curl field or under a visuomotor
 * rotation. Its states are position and velocity of the cursor, relative to where the hand starts, then the angles and
 * angular velocities of shoulder and elbow, then the activations of the muscles: 8 or 14. So targets of
 * {@link reaching}, fitted by {@link batchOnPlant}, and {@link lateralError} read it as they read a point mass.
 *
 * The equations of motion follow from the Lagrangian of two rigid segments, and are solved by Runge-Kutta steps of
 * fourth order: without torques, friction and field, energy is conserved to that order. With muscles, outputs excite
 * flexor and extensor of the shoulder, of the elbow, and of both joints, in this order; an output of 0 is an excitation
 * of 0.12, one of 1 is 0.88.
 *
 * @throws {@link LtrnnError} for numbers out of range, segments that no rigid body can be, steps that are too long for
 * muscles, and unknown names
 * @remarks Without limits of the joints: muscles pull back an arm that is far out, torques alone do not.
 * @see Li & Todorov (2004), Iterative linear quadratic regulator design for nonlinear biological movement systems,
 * Proc. ICINCO: the arm. De Groote et al. (2016), Ann. Biomed. Eng. 44, and Thelen (2003), J. Biomech. Eng. 125: the
 * muscles
 * @example twoJointArm({ dt: 0.01, muscles: true }).states // 14
 */
export const twoJointArm = (options: TwoJointArmOptions): Plant => twoJointArmOf("twoJointArm", options);

/** The options of an arm with their defaults, checked; and what its equations of motion are made of. */
export function readArm(where: string, options: TwoJointArmOptions, called?: string) {
  const numbers = readOptions<TwoJointArmOptions, ReturnType<typeof fields>>(where, options, fields(), called),
    { upper, fore } = numbers.segments as Required<ArmConstants>;
  for (const [name, { mass, center, inertia }] of Object.entries({ upper, fore }))
    if (inertia < mass * center * center)
      fail(where, {
        expected: `segments.${name}.inertia of at least mass center², ${mass * center * center}: it is about the joint`,
        got: String(inertia),
        fix: "Add mass center² to an inertia about the center of mass.",
      });
  const constants: ArmConstants = { upper, fore, friction: numbers.friction, curl: numbers.curl };
  return { numbers, constants };
}

export function twoJointArmOf(where: string, options: TwoJointArmOptions, called?: string): Plant {
  const { numbers, constants } = readArm(where, options, called),
    { dt, substeps, start, strength, rotation, feedback, muscles: muscled } = numbers;
  if (muscled && dt / substeps > activationTime)
    fail(where, {
      expected: `dt / substeps of at most ${activationTime} s with muscles, the time constant of their activation`,
      got: String(dt / substeps),
      fix: `Take ${Math.ceil(dt / activationTime)} substeps or more.`,
    });
  const flow = armFlow(constants, muscled ? armMuscles(start) : undefined, strength),
    path = rungeKutta(flow, dt, substeps),
    hand = armHand([constants.upper.length, constants.fore.length], start, rotation);
  const body = new Float64Array(flow.size),
    dBody = new Float64Array(flow.size);
  const bodyOf = (state: Float64Array) => {
    for (let i = 0; i < body.length; i++) body[i] = state[4 + i];
    return body;
  };
  return {
    description: { kind: "twoJointArm", ...numbers },
    states: 4 + flow.size,
    controls: flow.controls,
    feedback: feedback ? 4 : 0,
    init(state) {
      state.fill(0);
      state.set(start, 4);
      state.fill(restingActivation(), 8);
    },
    step(next, state, control) {
      const end = path.step(bodyOf(state), control);
      hand.write(next, end);
      for (let i = 0; i < end.length; i++) next[4 + i] = end[i];
    },
    stepAdjoint(dState, dControl, dNext, state, control) {
      for (let i = 0; i < dBody.length; i++) dBody[i] = dNext[4 + i];
      hand.adjoint(dBody, dNext, path.step(bodyOf(state), control));
      const dStart = path.adjoint(dControl, dBody, control);
      for (let i = 0; i < dStart.length; i++) dState[4 + i] += dStart[i];
    },
  };
}

/** The arm as `dy/dt = f(y, u)`, y angles, velocities and activations. */
function armFlow(constants: ArmConstants, muscles: ReturnType<typeof armMuscles> | undefined, strength: number): Flow {
  const { accelerations, adjoint } = armDynamics(constants);
  const torquesOf = (y: Float64Array, u: Float64Array): readonly [number, number] =>
    muscles ? muscles.torques(y) : [strength * u[0], strength * u[1]];
  return {
    size: muscles ? 4 + muscleCount : 4,
    controls: muscles ? muscleCount : 2,
    rate(rate, y, u) {
      const [torque1, torque2] = torquesOf(y, u);
      rate[0] = y[2];
      rate[1] = y[3];
      [rate[2], rate[3]] = accelerations(y, torque1, torque2);
      muscles?.activate(rate, y, u);
    },
    rateAdjoint(dY, dU, dRate, y, u) {
      dY[2] += dRate[0];
      dY[3] += dRate[1];
      const dTorques = adjoint(dY, [dRate[2], dRate[3]], y, torquesOf(y, u));
      if (muscles) {
        muscles.torquesAdjoint(dY, dTorques, y);
        muscles.activateAdjoint(dY, dU, dRate, y, u);
      } else for (let i = 0; i < 2; i++) dU[i] += strength * dTorques[i];
    },
  };
}
