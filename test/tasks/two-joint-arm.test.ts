import { expect, test } from "vitest";
import type { Plant } from "../../src/kernels";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient, simulate } from "../../src/run";
import { armTorques, batchOnPlant, plantFrom, reaching, twoJointArm, type TwoJointArmOptions } from "../../src/tasks";
import { tensor, zeros } from "../../src/tensor";
import { gradcheck } from "../support/gradcheck";
import { oracle } from "../support/oracle";
import { sweep } from "../support/sweep";

/** States of a plant under controls, the start first. */
function pathOf(plant: Plant, controls: readonly ArrayLike<number>[], start?: ArrayLike<number>): Float64Array[] {
  const states = [new Float64Array(plant.states)];
  if (start) states[0].set(start);
  else plant.init(states[0]);
  for (const control of controls) {
    const next = new Float64Array(plant.states);
    plant.step(next, states.at(-1)!, Float64Array.from(control));
    states.push(next);
  }
  return states;
}

interface OracleCase {
  readonly arm: Required<TwoJointArmOptions> & Record<"upper" | "fore", Record<string, number>>;
  readonly controls: number[][];
  readonly states: number[][];
}

test.each(oracle("arm").cases as OracleCase[])(
  "trajectories are those of the Lagrangian, differentiated and integrated by other tools: case %#",
  ({ arm: { upper, fore, ...rest }, controls, states }) => {
    const errorWith = (substeps: number) => {
      const [, ...path] = pathOf(twoJointArm({ ...rest, segments: { upper, fore }, substeps }), controls);
      return Math.max(...path.flatMap((state, t) => [...state].map((x, i) => Math.abs(x - states[t][i]))));
    };
    const [coarse, fine] = [errorWith(20), errorWith(40)];
    expect(coarse / fine).toBeGreaterThan(14); // 16 in the limit of small steps
    expect(errorWith(160)).toBeLessThan(1e-9);
  },
);

/** Kinetic energy from positions and velocities of both centers of mass, and of the spins. */
function energyOf([, , , , q1, q2, w1, w2]: Float64Array): number {
  const [l1, s1, s2, m1, m2] = [0.3, 0.11, 0.16, 1.4, 1];
  const [i1, i2] = [0.025 - m1 * s1 ** 2, 0.045 - m2 * s2 ** 2];
  const v1 = [-s1 * Math.sin(q1) * w1, s1 * Math.cos(q1) * w1];
  const v2 = [
    -l1 * Math.sin(q1) * w1 - s2 * Math.sin(q1 + q2) * (w1 + w2),
    l1 * Math.cos(q1) * w1 + s2 * Math.cos(q1 + q2) * (w1 + w2),
  ];
  return (m1 * Math.hypot(...v1) ** 2 + m2 * Math.hypot(...v2) ** 2 + i1 * w1 ** 2 + i2 * (w1 + w2) ** 2) / 2;
}

test("without torques and friction energy is conserved to fourth order, in a curl field too", () => {
  for (const curl of [0, 4]) {
    const drift = (steps: number) => {
      const arm = twoJointArm({ dt: 1 / steps, friction: 0, curl }),
        start = [0, 0, 0, 0, 0.4, 1.1, 3, -5];
      const path = pathOf(
        arm,
        Array.from({ length: steps }, () => [0, 0]),
        start,
      );
      return Math.max(...path.map((state) => Math.abs(energyOf(state) / energyOf(path[0]) - 1)));
    };
    const [coarse, middle, fine] = [drift(100), drift(200), drift(400)];
    expect(coarse / middle).toBeGreaterThan(14); // 16 in the limit of small steps
    expect(middle / fine).toBeGreaterThan(14);
    expect(fine).toBeLessThan(1e-7);
  }
});

test("inverse dynamics give back the torques of a motion", () =>
  sweep((draw) => {
    const options = {
      dt: 1e-3,
      friction: draw.uniform(),
      curl: 10 * (draw.uniform() - 0.5),
      strength: 0.5 + draw.uniform(),
      start: [draw.uniform(), 1 + draw.uniform()],
    } as const satisfies TwoJointArmOptions;
    const control = [draw.normal([1]).data[0], draw.normal([1]).data[0]],
      path = pathOf(
        twoJointArm(options),
        Array.from({ length: 200 }, () => control),
      );
    // accelerations by differences of fourth order in the velocities
    const times = [50, 90, 150],
      rows = (i: number, at: (t: number) => number[]) =>
        tensor(
          [times.length, 2],
          times.flatMap((t) => at(t).slice(i, i + 2)),
        );
    const slope = (t: number) =>
      [6, 7].map(
        (i) => (8 * (path[t + 1][i] - path[t - 1][i]) - (path[t + 2][i] - path[t - 2][i])) / (12 * options.dt),
      );
    const torques = armTorques(options, {
      angles: rows(4, (t) => [...path[t]]),
      velocities: rows(6, (t) => [...path[t]]),
      accelerations: rows(0, slope),
    });
    times.forEach((_, row) =>
      control.forEach(
        // differences over 1 ms
        (u, joint) => expect(Math.abs(torques.data[2 * row + joint] - options.strength * u)).toBeLessThan(1e-7),
      ),
    );
  }, 10));

test("the cursor is the hand less its start, turned by the rotation; its velocity is its derivative", () => {
  const controls = Array.from({ length: 400 }, (_, t) => [Math.sin(t / 50), -0.5]),
    [straight, turned] = [0, 0.7].map((rotation) => pathOf(twoJointArm({ dt: 1e-3, rotation }), controls));
  expect([...straight[0].slice(0, 4)]).toEqual([0, 0, 0, 0]);
  for (const t of [10, 200, 399]) {
    const [x, y, vx, vy, q1, q2] = straight[t];
    expect(x).toBeCloseTo(0.3 * (Math.cos(q1) - Math.SQRT1_2) + 0.33 * (Math.cos(q1 + q2) + Math.SQRT1_2), 12);
    expect(y).toBeCloseTo(0.3 * (Math.sin(q1) - Math.SQRT1_2) + 0.33 * (Math.sin(q1 + q2) - Math.SQRT1_2), 12);
    expect((straight[t + 1][0] - straight[t - 1][0]) / 2e-3).toBeCloseTo(vx, 4);
    expect((straight[t + 1][1] - straight[t - 1][1]) / 2e-3).toBeCloseTo(vy, 4);
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    [c * x - s * y, s * x + c * y, c * vx - s * vy, s * vx + c * vy].forEach((want, i) =>
      expect(turned[t][i]).toBeCloseTo(want, 12),
    );
  }
});

test("an arm whose muscles are equally active stays where it starts; each muscle alone moves it its way", () => {
  const arm = twoJointArm({ dt: 0.01, muscles: true }),
    settled = (control: number[]) =>
      pathOf(
        arm,
        Array.from({ length: 30 }, () => control),
      ).at(-1)!;
  const still = settled([0, 0, 0, 0, 0, 0]),
    stiff = settled([1, 1, 1, 1, 1, 1]);
  for (const state of [still, stiff]) {
    expect(Math.hypot(state[0], state[1])).toBeLessThan(1e-12);
    expect(Math.abs(state[4] - Math.PI / 4)).toBeLessThan(1e-12);
  }
  expect(stiff[8]).toBeCloseTo(1 / (1 + Math.exp(-2)), 3); // activation follows excitation
  const alone = (i: number) => settled(Array.from({ length: 6 }, (_, j) => (i === j ? 0.5 : 0)));
  expect(alone(0)[4]).toBeGreaterThan(Math.PI / 4);
  expect(alone(1)[4]).toBeLessThan(Math.PI / 4);
  expect(alone(2)[5]).toBeGreaterThan(Math.PI / 2);
  expect(alone(3)[5]).toBeLessThan(Math.PI / 2);
  expect(alone(4)[4] + alone(4)[5]).toBeGreaterThan(0.75 * Math.PI);
  expect(alone(5)[4] + alone(5)[5]).toBeLessThan(0.75 * Math.PI);
});

test.each([false, true])("the gradient of reaching flows through the arm, with muscles: %s", (muscles) =>
  sweep((draw) => {
    const arm = twoJointArm({ dt: 0.01, curl: 5, rotation: 0.4, substeps: 2, muscles, feedback: true }),
      task = reaching({ targets: 3, steps: 8, cue: 2, duration: 6, dt: 0.01, radius: 0.1 });
    const drawn = FullRankRNN.random({ units: 5, inputs: 7, outputs: arm.controls, tau: 0.02 }, draw.seed),
      model = drawn.with({ params: { readout: draw.normal([arm.controls, 5]) } }),
      batch = batchOnPlant(task.batch, arm),
      options = { dt: 0.01, plant: arm };
    const { gradients } = lossAndGradient(model, batch, options),
      { w, wIn, readout } = model.params;
    gradcheck(
      (params) => lossAndGradient(model.with({ params }), batch, options).loss,
      { w, wIn, readout },
      gradients,
      draw.normal,
    );
    expect(gradients.w.data.some((g) => g !== 0)).toBe(true);
  }, 3),
);

test("an arm is made again from its description; impossible arms are refused", () => {
  const arm = twoJointArm({ dt: 0.01, muscles: true, curl: 2, segments: { fore: { mass: 2, inertia: 0.1 } } }),
    again = plantFrom(structuredClone(arm.description)),
    controls = [[1, 0, 0.3, 0, 0, 0.1]];
  expect(pathOf(again, controls)).toEqual(pathOf(arm, controls));
  expect(() => twoJointArm({ dt: 0.01, segments: { fore: { mass: 2 } } })).toThrow(
    "twoJointArm: expected segments.fore.inertia of at least mass center², 0.0512: it is about the joint, got 0.045",
  );
  expect(() => twoJointArm({ dt: 0.1, muscles: true })).toThrow("dt / substeps of at most 0.015 s with muscles");
  expect(() => twoJointArm({ dt: 0.1, start: [1, NaN] })).toThrow(
    "twoJointArm: expected start to be two finite angles",
  );
  expect(() => twoJointArm({ dt: 0.1, segments: { upper: { lenght: 1 } as never } })).toThrow("Did you mean length?");
  const still = { angles: zeros([3, 2]), velocities: zeros([3, 2]), accelerations: zeros([2, 2]) };
  expect(() => armTorques({ dt: 1 }, still)).toThrow("armTorques: expected motion.accelerations of shape (3 × 2)");
  const model = FullRankRNN.random({ units: 3, inputs: 3, outputs: 2 }, 1);
  expect(
    simulate(model, reaching().batch.inputs, { dt: 0.1, plant: twoJointArm({ dt: 0.1 }) }).plantStates!.shape,
  ).toEqual([8, 41, 8]);
});
