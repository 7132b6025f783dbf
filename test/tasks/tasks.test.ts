import { expect, test } from "vitest";
import { FullRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { lateralError, plantFrom, pointMass, reaching } from "../../src/tasks";
import { zeros } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("a desired reach starts and ends at rest, on the target; its velocity is the derivative of its position", () => {
  const {
      batch: { inputs, targets },
      conditions,
    } = reaching({ targets: 5, steps: 400, dt: 0.01, cue: 50, duration: 300, radius: 2 }),
    at = (k: number, t: number, i: number) => targets.data[(k * 400 + t) * 4 + i];
  conditions.angle.forEach((angle, k) => {
    expect(Math.hypot(at(k, 48, 0), at(k, 48, 1), at(k, 48, 2))).toBe(0);
    expect(at(k, 399, 0)).toBeCloseTo(2 * Math.cos(angle), 12);
    expect(Math.abs(at(k, 399, 3))).toBe(0);
    // central differences: error of second order in 0.01 / 3
    for (let t = 60; t < 340; t += 7) expect((at(k, t + 1, 0) - at(k, t - 1, 0)) / 0.02).toBeCloseTo(at(k, t, 2), 3);
    expect([0, 1, 2].map((i) => inputs.data[(k * 400 + 49) * 3 + i])).toEqual([Math.cos(angle), Math.sin(angle), 0]);
    expect(inputs.data[(k * 400 + 50) * 3 + 2]).toBe(1);
  });
});

test("the plant obeys its equation: free decay, and a field that turns without doing work at first order", () => {
  const run = (options: object, start: number[], force: number[], steps: number) => {
    const plant = pointMass({ dt: 0.001, ...options }),
      s = Float64Array.from(start),
      next = new Float64Array(4);
    for (let t = 0; t < steps; t++) {
      plant.step(next, s, Float64Array.from(force));
      s.set(next);
    }
    return [...s];
  };
  // v = exp(-t/2), x = 2 (1 - exp(-t/2)) at t = 2
  const [x, , v] = run({ friction: 2, mass: 4 }, [0, 0, 1, 0], [0, 0], 2000);
  expect(v).toBeCloseTo(Math.exp(-1), 3);
  expect(x).toBeCloseTo(2 * (1 - Math.exp(-1)), 3);
  // a quarter turn to the right in one unit of time
  const [, , vx, vy] = run({ curl: Math.PI / 2 }, [0, 0, 0, 1], [0, 0], 1000);
  expect(vx).toBeCloseTo(1, 2);
  expect(vy).toBeCloseTo(0, 2);
  expect(run({ mass: 2, strength: 3 }, [0, 0, 0, 0], [1, 0], 1000)[2]).toBeCloseTo(1.5, 6);
});

test("under a visuomotor rotation the cursor is the hand, turned: in friction and field too", () => {
  const options = { dt: 0.1, mass: 2, friction: 0.3, curl: 1.5, strength: 3 },
    [hand, cursor] = [pointMass(options), pointMass({ ...options, rotation: 0.6 })];
  let [p, q] = [new Float64Array(4), new Float64Array(4)];
  const [c, s] = [Math.cos(0.6), Math.sin(0.6)];
  for (let t = 0; t < 30; t++) {
    const force = Float64Array.of(Math.sin(t), Math.cos(2 * t)),
      [nextP, nextQ] = [new Float64Array(4), new Float64Array(4)];
    hand.step(nextP, p, force);
    cursor.step(nextQ, q, force);
    [p, q] = [nextP, nextQ];
    for (const i of [0, 2]) {
      expect(q[i]).toBeCloseTo(c * p[i] - s * p[i + 1], 12);
      expect(q[i + 1]).toBeCloseTo(s * p[i] + c * p[i + 1], 12);
    }
  }
});

test("the plant's adjoint passes the dot test", () =>
  sweep((draw) => {
    const plant = pointMass({
      dt: 0.1,
      mass: 0.5 + draw.uniform(),
      friction: draw.uniform(),
      curl: draw.uniform() - 0.5,
      rotation: 6 * draw.uniform(),
      strength: 2,
    });
    const v = () => draw.normal([4]).data,
      [s, ds, dNext] = [v(), v(), v()],
      [f, df] = [draw.normal([2]).data, draw.normal([2]).data],
      zero = new Float64Array(4);
    plant.step(zero, ds, df); // linear: the derivative along (ds, df)
    const gs = new Float64Array(4),
      gf = new Float64Array(2);
    plant.stepAdjoint(gs, gf, dNext, s, f);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    expect(dot(dNext, zero)).toBeCloseTo(dot(gs, ds) + dot(gf, df), 12);
  }));

test("lateral error is signed, left positive, and taken where the hand moves fastest", () => {
  const path = zeros([3, 4, 4]);
  path.data.set([0, 0, 0, 0, 1, 0.3, 1, 1, 2, 0.5, 2, 0, 3, 0.9, 1, 1], 0); // to the right: fastest at the third state
  // upwards: fastest between the two in the middle
  path.data.set([5, 1, 0, 0, 5.4, 2, 0, 1, 5.8, 3, 0, 1, 5, 4, 0, 0], 16);
  path.data.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 32); // still
  const errors = lateralError(path, [0, Math.PI / 2, 1]);
  expect(errors[0]).toBeCloseTo(0.5, 12);
  expect(errors[1]).toBeCloseTo(-0.6, 12); // from its start, half way from 0.4 to 0.8 to the right
  expect(errors[2]).toBe(0);
});

test("lateral error moves with the path, also where the fastest step passes to its neighbor", () => {
  // a reach of bell-shaped speed whose peak moves through three steps, and that bends to the left
  const errorAt = (peak: number) => {
    const path = zeros([1, 41, 4]);
    for (let t = 0, x = 0; t < 41; t++) {
      const speed = Math.exp(-((t - peak) ** 2) / 30);
      path.data.set([x, 0.001 * t * t, speed, 0], 4 * t);
      x += 0.1 * speed;
    }
    return lateralError(path, [0])[0];
  };
  const peaks = Array.from({ length: 301 }, (_, i) => 18.7 + i / 100),
    errors = peaks.map(errorAt);
  // the deviation at the true peak; a parabola through a bell of this width finds it to 0.01 steps
  errors.forEach((error, i) => expect(Math.abs(error - 0.001 * peaks[i] ** 2)).toBeLessThan(1e-3));
  const steps = errors.slice(1).map((error, i) => error - errors[i]);
  // without steps: slopes of 2 peak / 1000, and chords
  expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.4);
});

test("lateral error is the same in every unit of speed", () => {
  const path = zeros([1, 5, 4]);
  for (let t = 0; t < 5; t++) path.data.set([t, 0.1 * t * t, t * (5 - t), 0.3], 4 * t);
  const scaled = (factor: number) => ({ ...path, data: path.data.map((x, i) => (i % 4 > 1 ? factor * x : x)) });
  for (const factor of [1e-200, 1e200])
    expect(lateralError(scaled(factor), [0])[0]).toBeCloseTo(lateralError(path, [0])[0], 12);
});

test("wrong calls are refused", () => {
  expect(() => reaching({ steps: 10, cue: 8, duration: 5 })).toThrow(
    "reaching: expected duration to be a whole number from 1 to 2, got 5",
  );
  expect(() => pointMass({ dt: 0 })).toThrow("pointMass: expected dt to be a finite number above 0, got 0");
});

test("a plant that breaks its contract is refused by name, and one whose state overflows says where", () => {
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 2 }, 1),
    plant = pointMass({ dt: 0.1 }),
    run = (other: object) => () => simulate(model, zeros([9, 4, 1]), { plant: { ...plant, ...other } });
  expect(run({ states: -1 })).toThrow("simulate: expected plant.states to be a whole number from 1 to 1000000, got -1");
  expect(run({ feedback: 5 })).toThrow("simulate: expected plant.feedback to be a whole number from 0 to 4, got 5");
  expect(run({ controls: 3 })).toThrow("simulate: expected 3 outputs, the plant's controls, got 2");
  expect(run({ step: undefined })).toThrow("simulate: expected plant.step to be a function, got undefined");
  expect(() => simulate(model, zeros([9, 4, 1]), { plant: null as never })).toThrow("simulate: expected plant");
  expect(run({ step: () => {} })).toThrow(
    "simulate: expected states of the plant that stay finite, got NaN in trial 0 at step 1, entry 0",
  );
  expect(run({ init: () => {} })).toThrow("got NaN in trial 0 at step 0, entry 0");
  expect(plant.description).toEqual({
    kind: "pointMass",
    dt: 0.1,
    mass: 1,
    friction: 0,
    curl: 0,
    rotation: 0,
    strength: 1,
    feedback: false,
  });
});

test("lateral error and task refuse what does not fit", () => {
  const states = zeros([2, 5, 4]);
  expect(() => lateralError(states, [0])).toThrow(
    "lateralError: expected angles to be an array of length 2, one for each trial, got an array of length 1",
  );
  expect(() => lateralError(states, [0, NaN])).toThrow(
    "lateralError: expected finite angles, in radians, got NaN for trial 1",
  );
  expect(() => lateralError(zeros([2, 5, 3]), [0, 1])).toThrow(
    "lateralError: expected plantStates with position and velocity",
  );
  expect(() => reaching({ target: 3 } as never)).toThrow("Did you mean targets?");
  expect(() => reaching({ dt: 5e-324 })).toThrow("reaching: expected dt to be a finite number above");
  expect(() => pointMass(undefined as never)).toThrow("pointMass: expected dt to be given, a finite number above 0");
});

test("a plant is made again from its description, and a custom one cannot be", () => {
  const plant = pointMass({ dt: 0.1, curl: 3, feedback: true }),
    again = plantFrom(structuredClone(plant.description)),
    [p, q] = [new Float64Array(4), new Float64Array(4)];
  plant.step(p, Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6));
  again.step(q, Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6));
  expect([again.description, q]).toEqual([plant.description, p]);
  expect(() => plantFrom({ kind: "custom" })).toThrow(
    "plantFrom: expected the description of a plant, of kind pointMass",
  );
  expect(() => plantFrom({ kind: "pointMass", dt: -1 })).toThrow(
    "plantFrom: expected description.dt to be a finite number",
  );
});
