import { expect, test } from "vitest";
import {
  changingInputs,
  conditionInputs,
  controllerInputs,
  fixedTrialFactors,
  gaussianTrialFactors,
  inputsSideBySide,
  knownInputs,
  penalizedInputs,
  smoothCourses,
  trialCovariance,
  type DrivenBins,
  type InputModel,
} from "../../src/parts";
import { solveSymmetric } from "../../src/linalg";
import { mapParams, zeros, type Matrix, type Params, type Tensor, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { oracle } from "../support/oracle";
import { sweep, type Draw } from "../support/sweep";

const binsOf = (d: Draw): DrivenBins => {
  const time = d.int(2, 6),
    conditionCount = d.int(1, 3),
    conditions = Array.from({ length: d.int(3, 6) }, (_, k) => k % conditionCount);
  return { conditions, conditionCount, time, driven: d.int(1, time) };
};
const moved = (params: Params, d: Draw, by = 0.7, times = 1): Params =>
  Object.fromEntries(
    Object.entries(params).map(([name, x]) => [
      name,
      { shape: x!.shape, data: x!.data.map((v) => times * v + by * d.normal([1]).data[0]) },
    ]),
  );

/** Finite differences in the unit of the value, which they are rounded by. */
function checkGradient(f: (params: Params) => number, params: Params, gradient: Params, d: Draw): void {
  const unit = 1 + Math.abs(f(params));
  const scaled = mapParams(gradient, (data) => data.map((x) => x / unit));
  gradcheck((at) => f(at) / unit, params, scaled, d.normal);
}

/** Every model of inputs to learn, in every combination of courses and prior of trials. */
function models(d: Draw): readonly (readonly [name: string, model: InputModel, bins: DrivenBins])[] {
  const bins = binsOf(d),
    trials = bins.conditions.length,
    smooth = smoothCourses("test", bins.driven, { length: 2, sigma: 1.5, kernel: "matern52" }),
    basis = smoothCourses("test", bins.driven, { length: 3, kernel: "rbf", basis: 0.9 }),
    gaussian = gaussianTrialFactors({ times: bins.conditions.map((_, k) => k), length: 2 }),
    fixed = fixedTrialFactors(trials),
    controller = { units: d.int(1, 4), layers: [[3], [], [2, 3]][d.int(0, 2)], alpha: 0.4 };
  const some: readonly (readonly [string, InputModel])[] = [
    ["free", conditionInputs(bins, 2)],
    ["smooth", conditionInputs(bins, 2, smooth)],
    ["a basis", conditionInputs(bins, 1, basis)],
    ["changing", changingInputs(bins, 2, gaussian as never)],
    ["changing, smooth", changingInputs(bins, 2, gaussian as never, smooth)],
    ["changing by fixed factors, a basis", changingInputs(bins, 1, fixed as never, basis)],
    ["a controller", controllerInputs(bins, 2, controller)],
  ];
  const known = knownInputs(d.normal([trials, bins.time, 1]));
  const penalized = some.map(
    ([name, model]) => [`${name}, penalized`, penalizedInputs(model, { l1: 0.3, l2: 0.7 }, bins.driven)] as const,
  );
  const both = penalized.map(
    ([name, model]) =>
      [`known and twice ${name}`, inputsSideBySide([known, model, model], ["k.", "1.", "2."])] as const,
  );
  const unnamed = inputsSideBySide([some[1][1], some[5][1]], ["", ""]); // names differ already
  return [...some, ...penalized, ...both, ["without prefixes", unnamed] as const].map(
    ([name, model]) => [name, model, bins] as const,
  );
}

test("every model of inputs has the exact adjoint of its inputs, prior and penalty", () =>
  sweep((d) => {
    for (const [name, model, { conditions, time, driven }] of models(d)) {
      const params = moved(model.start(d.seed), d),
        [u, adjoint] = model(params),
        weights = d.normal(u.shape);
      expect(u.shape, name).toEqual([conditions.length, time, model.inputs]);
      const sum = (at: Params) => model(at)[0].data.reduce((s, x, i) => s + x * weights.data[i], 0);
      checkGradient(sum, params, adjoint(weights), d);
      for (const energy of [model.prior, model.penalty])
        if (energy)
          checkGradient((at) => energy(at)[0], params, { ...moved(params, d, 0, 0), ...energy(params)[1] }, d);
      const own = model.description.kind === "inputsSideBySide" ? 1 : 0; // known inputs go on
      for (let index = 0; index < u.data.length; index++)
        if (Math.floor(index / model.inputs) % time >= driven && index % model.inputs >= own)
          expect(u.data[index], `${name}, after the last driven bin`).toBe(0);
    }
  }, 20));

test("smooth courses have the covariance of their kernel, and come near any course of its size", () => {
  const kernel = { length: 3, sigma: 1.5, kernel: "matern52" } as const,
    bins = 12,
    { courses, near, size } = smoothCourses("test", bins, kernel),
    unit = zeros([size, size, 1]);
  for (let i = 0; i < size; i++) unit.data[i * (size + 1)] = 1;
  const columns = courses(unit), // row i: the i-th column of L
    times = Array.from({ length: bins }, (_, t) => t),
    covariance = trialCovariance(times, kernel);
  const product = zeros([bins, bins]);
  for (let s = 0; s < bins; s++)
    for (let t = 0; t < bins; t++)
      for (let i = 0; i < size; i++)
        product.data[s * bins + t] += columns.data[i * bins + s] * columns.data[i * bins + t];
  for (let t = 0; t < bins; t++) covariance.data[t * (bins + 1)] += 1e-6 * 2.25;
  close(product, covariance, 1e-13);
  const wave: Tensor3 = { shape: [1, bins, 1], data: Float64Array.from(times, (t) => Math.sin(t / 3)) };
  close(courses(near(wave)), wave, 0.02); // a noise of a tenth of sigma is allowed for
});

test("a basis keeps as few courses as hold its share of the variance", () => {
  const kernel = { length: 4, kernel: "rbf" } as const,
    kept = smoothCourses("test", 20, { ...kernel, basis: 0.999 });
  expect(kept.size).toBeLessThan(10);
  const variance = kept.courses({
    shape: [kept.size, kept.size, 1],
    data: Float64Array.from({ length: kept.size ** 2 }, (_, i) => (i % (kept.size + 1) === 0 ? 1 : 0)),
  });
  const held = variance.data.reduce((sum, x) => sum + x * x, 0);
  expect(held).toBeGreaterThanOrEqual(0.999 * 20);
  expect(held).toBeLessThanOrEqual(20);
});

test("inputs that change are d times v, v of root mean square 1, and only its shape is penalized", () =>
  sweep((d) => {
    const bins = binsOf(d),
      { conditions, time } = bins,
      gaussian = gaussianTrialFactors({ times: conditions.map((_, k) => k), length: 2 }),
      smooth = smoothCourses("test", bins.driven, { length: 2 }),
      model = changingInputs(bins, 2, gaussian as never, smooth),
      params = moved(model.start(d.seed), d),
      { d: factors, v } = model.changing(params),
      [u] = model(params);
    for (let k = 0; k < conditions.length; k++)
      for (let t = 0; t < time; t++)
        for (let r = 0; r < 2; r++)
          expect(u.data[(k * time + t) * 2 + r]).toBeCloseTo(
            factors.data[k * 2 + r] * v.data[(conditions[k] * time + t) * 2 + r],
            13,
          );
    for (let r = 0; r < 2; r++) {
      const squares = v.data.reduce((sum, x, i) => (i % 2 === r ? sum + x * x : sum), 0);
      expect(squares / (bins.conditionCount * bins.driven)).toBeCloseTo(1, 12);
    }
    const twice = { ...params, v: { ...params.v!, data: params.v!.data.map((x) => 2 * x) } };
    close(model(twice)[0], u, 1e-13);
    expect(model.prior!(twice)[0]).toBeCloseTo(model.prior!(params)[0], 10);
    // the energy of these courses under the process, v' K^-1 v / 2 over conditions and inputs
    const covariance = trialCovariance(
      Array.from({ length: bins.driven }, (_, t) => t),
      { length: 2 },
    );
    for (let t = 0; t < bins.driven; t++) covariance.data[t * (bins.driven + 1)] += 1e-6;
    let energy = 0;
    for (let row = 0; row < bins.conditionCount; row++)
      for (let r = 0; r < 2; r++) {
        const course = v.data
          .subarray(row * time * 2, (row * time + bins.driven) * 2)
          .filter((_, index) => index % 2 === r);
        const { x } = solveSymmetric(covariance, { shape: [bins.driven, 1], data: course });
        energy += course.reduce((sum, value, t) => sum + (value * x.data[t]) / 2, 0);
      }
    const [ofFactors] = gaussian.prior!({ z: params["d.z"] as Matrix, m: params["d.m"] as Matrix }),
      found = model.prior!(params)[0] - ofFactors;
    expect(Math.abs(found / energy - 1)).toBeLessThan(1e-9);
  }));

test("a penalty is the mean over trials, driven bins and inputs", () =>
  sweep((d) => {
    const bins = binsOf(d),
      { conditions, time, driven } = bins,
      model = penalizedInputs(conditionInputs(bins, 2), { l1: 0.5, l2: 3 }, driven),
      params = moved(model.start(1), d);
    const entries = [...model(params)[0].data].filter((_, index) => Math.floor(index / 2) % time < driven),
      mean = (f: (x: number) => number) => entries.reduce((sum, x) => sum + f(x), 0) / entries.length;
    expect(entries.length).toBe(conditions.length * driven * 2);
    expect(model.penalty!(params)[0]).toBeCloseTo(0.5 * mean(Math.abs) + 1.5 * mean((x) => x * x), 12);
  }));

test("models side by side share nothing but the trials", () => {
  const bins: DrivenBins = { conditions: [0, 1, 0], conditionCount: 2, time: 3, driven: 3 },
    first = conditionInputs(bins, 1),
    second = conditionInputs(bins, 2, smoothCourses("test", 3, { length: 1 })),
    both = inputsSideBySide([first, second], ["a.", "b."]),
    params = both.start(4);
  expect(Object.keys(params)).toEqual(["a.u", "b.u"]);
  expect(both.sized).toEqual([false, true, true]);
  expect(both.flexible).toMatchObject({ first: 0, count: 1 });
  const [u] = both(params),
    [u1] = first({ u: params["a.u"] as Tensor3 }),
    [u2] = second({ u: params["b.u"] as Tensor3 });
  for (let row = 0; row < 9; row++)
    expect([...u.data.subarray(row * 3, row * 3 + 3)]).toEqual([u1.data[row], u2.data[row * 2], u2.data[row * 2 + 1]]);
});

test("the controller is the paper's formula in numpy, and its gradients are autograd's", () => {
  for (const { units, layers, inputs, conditions, steps, alpha, params, u, g, gradients } of oracle("controller")
    .cases) {
    const bins: DrivenBins = {
      conditions: Array.from({ length: conditions }, (_, k) => k),
      conditionCount: conditions,
      time: steps,
      driven: steps,
    };
    const model = controllerInputs(bins, inputs, { units, layers, alpha }),
      [value, adjoint] = model(params),
      found = adjoint(g);
    close(value, u, 1e-13);
    expect(Object.keys(found).sort()).toEqual(Object.keys(gradients).sort());
    for (const [name, wanted] of Object.entries(gradients)) close(found[name] as Tensor, wanted as Tensor, 1e-12);
    expect(Object.keys(model.start(1)).sort()).toEqual(Object.keys(params).sort());
    for (const [name, x] of Object.entries(model.start(1))) expect(x!.shape, name).toEqual(params[name].shape);
  }
});
