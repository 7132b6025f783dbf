import { expect, test } from "vitest";
import { exp } from "../../src/base";
import { fromJson, toJson } from "../../src/data";
import { activationCurve, type CustomActivation } from "../../src/kernels";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, modelFromJson } from "../../src/models";
import { lossAndGradient, simulate } from "../../src/run";
import { tensor, zeros } from "../../src/tensor";
import { adam } from "../../src/optim";
import { last } from "../../src/base";
import { allFixedPoints } from "../../src/analysis";
import { ruleObjective, truncatedBptt } from "../../src/rules";
import { networkObjective, train } from "../../src/train";
import { draw as drawing } from "../support/sweep";

const softsign: CustomActivation = {
  name: "softsign",
  value: (x) => x / (1 + Math.abs(x)),
  derivative: (x) => 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x))),
};
const spec = { units: 5, inputs: 2, outputs: 2, phi: softsign };

test("a copy of tanh, given as functions, is tanh to rounding: float64 and float32, euler and heun", () => {
  const tanh: CustomActivation = {
    name: "my tanh",
    value: (x) => 1 - 2 / (1 + exp(2 * x)),
    derivative: (x) => 1 - (1 - 2 / (1 + exp(2 * x))) ** 2,
  };
  const own = LowTensorRankRNN.random({ ...spec, rank: 2, trials: 19, phi: tanh }, 1),
    named = own.with({ phi: "tanh" }),
    draw = drawing(1),
    batch = { inputs: draw.normal([19, 7, 2]), targets: draw.normal([19, 7, 2]) };
  for (const integrator of ["euler", "heun"] as const)
    for (const precision of ["float64", "float32"] as const) {
      const [got, want] = [own, named].map((model) => lossAndGradient(model, batch, { integrator, precision }));
      const tolerance = precision === "float64" ? 1e-13 : 1e-6;
      expect(Math.abs(got.loss / want.loss - 1)).toBeLessThan(tolerance);
      got.gradients.a.data.forEach((g, i) =>
        expect(Math.abs(g - want.gradients.a.data[i])).toBeLessThan(10 * tolerance),
      );
    }
});

test("a derivative that is wrong, a value that is none and a name that is taken are refused by name", () => {
  const of = (change: object) => () => FullRankRNN.random({ ...spec, phi: { ...softsign, ...change } as never }, 1);
  expect(of({ derivative: (x: number) => 1 / (1 + Math.abs(x)) })).toThrow(
    /^FullRankRNN.random: expected spec.phi.derivative of softsign to be 0\.0\d+ at x = -4\.267, .* got 0\.1\d+/,
  );
  // that of tanh as a function of the rate
  expect(of({ name: "t", value: Math.tanh, derivative: (h: number) => 1 - h * h })).toThrow(
    "Give phi'(x) as a function of the state x, not of the rate.",
  );
  expect(of({ derivative: () => 0 })).toThrow("spec.phi.derivative of softsign to be");
  expect(of({ value: (x: number) => Math.sqrt(x), derivative: (x: number) => 1 / (2 * Math.sqrt(x)) })).toThrow(
    /expected a finite number from spec.phi.value of softsign, got NaN at x = -4/,
  );
  expect(of({ derivative: () => undefined })).toThrow("from spec.phi.derivative of softsign, got undefined at x = ");
  expect(
    of({
      value: (() => {
        let state = 1;
        return () => (state = (state * 16807) % 2147483647);
      })(),
    }),
  ).toThrow("spec.phi.value of softsign with differences that settle");
  expect(of({ name: "relu" })).toThrow("spec.phi.name to be none of tanh, relu, softplus, identity");
  expect(of({ name: "" })).toThrow("spec.phi.name");
  expect(of({ value: 3 })).toThrow("spec.phi.value to be a function");
  expect(of({ derivitave: 3 })).toThrow("Did you mean derivative?");
  expect(() => FullRankRNN.random({ ...spec, phi: Math.tanh as never }, 1)).toThrow(
    "or a custom { name, value, derivative }, got a function",
  );
  expect(() => FullRankRNN.random({ ...spec, phi: "elu" as never }, 1)).toThrow('"identity", or a custom');
});

test("a kink is no error: leaky and clipped units, whose derivative jumps", () => {
  for (const phi of [
    { name: "leaky", value: (x: number) => (x > 0 ? x : 0.1 * x), derivative: (x: number) => (x > 0 ? 1 : 0.1) },
    {
      name: "clipped",
      value: (x: number) => Math.max(-1, Math.min(1, x)),
      derivative: (x: number) => (Math.abs(x) < 1 ? 1 : 0),
    },
    { name: "steep", value: (x: number) => Math.tanh(50 * x), derivative: (x: number) => 50 / Math.cosh(50 * x) ** 2 },
    {
      name: "power",
      value: (x: number) => (x > 0 ? x ** 1.5 : 0),
      derivative: (x: number) => (x > 0 ? 1.5 * Math.sqrt(x) : 0),
    },
    { name: "square", value: (x: number) => x * x, derivative: (x: number) => 2 * x },
    { name: "exponential", value: Math.exp, derivative: Math.exp },
  ])
    expect(FullRankRNN.random({ ...spec, phi }, 1).setting.phi).toBe(phi);
});

test.each([
  FullRankRNN.random({ ...spec, tau: tensor([5], [0.1, 0.2, 0.3, 1 / 3, 2]) }, 1),
  LowRankRNN.random({ ...spec, rank: 2 }, 2),
  LowTensorRankRNN.random({ ...spec, rank: 2, trials: 4 }, 3),
])("JSON knows a custom activation by its name, and asks for its functions: $constructor.name", (model) => {
  const json = JSON.parse(JSON.stringify(model));
  expect(json.version).toBe(2);
  expect(json.setting.phi).toEqual({ custom: "softsign" });
  const back = modelFromJson(json, { phi: softsign });
  expect(back).toEqual(model);
  expect(simulate(back, zeros([4, 6, 2]))).toEqual(simulate(model, zeros([4, 6, 2])));
  expect(modelFromJson(fromJson(toJson(model)) as never, { phi: softsign })).toEqual(model);
  expect(() => modelFromJson(json)).toThrow(
    'modelFromJson: expected the custom activation "softsign" in functions.phi, got none. JSON holds no functions',
  );
  expect(() => modelFromJson(json, { phi: { ...softsign, name: "other" } })).toThrow(
    '"softsign" in functions.phi, got "other"',
  );
  expect(() => modelFromJson(JSON.parse(JSON.stringify(model.with({ phi: "tanh" }))), { phi: softsign })).toThrow(
    "no custom activation: the model has none",
  );
  expect(() => modelFromJson(json, { phi: { ...softsign, derivative: () => 1 } })).toThrow("functions.phi.derivative");
});

test("settings that a first version knows are written as one, to the byte", () => {
  const model = FullRankRNN.random({ units: 2, inputs: 1, tau: 0.5 }, 1);
  expect(model.toJSON().version).toBe(1);
  expect(model.toJSON().setting).toEqual({ tau: 0.5, phi: "tanh", reads: "rates" });
  expect(modelFromJson({ ...model.toJSON(), version: 2 })).toEqual(model);
});

test(
  "a network with a custom activation trains, resumes from a copy of its " +
    "snapshot, and is refused on threads by name",
  async () => {
    const model = FullRankRNN.random({ ...spec, tau: tensor([5], [0.5, 1, 1, 1, 2]) }, 1),
      draw = drawing(2),
      batch = { inputs: draw.normal([9, 7, 2]), targets: draw.normal([9, 7, 2]) },
      objective = networkObjective(model, batch),
      start = { w: model.params.w };
    const options = { optimizer: adam(0.05), steps: 10 },
      whole = await last(train(objective, start, options)),
      half = await last(train(objective, start, { ...options, steps: 5 }));
    const resumed = await last(
      train(objective, structuredClone({ ...half, evaluation: undefined }) as never, { steps: 5 }),
    );
    expect(whole.loss).toBeLessThan(objective(start, 0).loss);
    expect(resumed.params).toEqual(whole.params);
    expect(objective.description?.setting).toEqual({
      tau: [0.5, 1, 1, 1, 2],
      phi: { custom: "softsign" },
      reads: "rates",
    });
    const other = networkObjective(model.with({ tau: tensor([5], [0.5, 1, 1, 1, 1]) }), batch);
    await expect(
      last(train(other, structuredClone({ ...half, evaluation: undefined }) as never, { steps: 6 })),
    ).rejects.toThrow("objective.setting.tau.4 2");
    await expect(last(train(objective, start, { ...options, threads: 2 }))).rejects.toThrow(
      "on more than one thread, got the custom activation softsign",
    );
  },
);

test(
  "time constants are one number or one for every unit, all above " + "0, and no step is longer than the smallest",
  () => {
    const of = (tau: unknown) => () => FullRankRNN.random({ ...spec, tau: tau as never }, 1);
    expect(of(tensor([4], [1, 1, 1, 1]))).toThrow(
      "FullRankRNN.random: expected setting.tau of 5 time constants, one for every unit, got 4",
    );
    expect(of(tensor([5], [1, 1, 0, 1, 1]))).toThrow("finite numbers above 0 in spec.tau, got 0 at index [2]");
    expect(of(tensor([5, 1], [1, 1, 1, 1, 1]))).toThrow("spec.tau to have 1 mode");
    for (const tau of [-1, NaN, "1", null]) expect(of(tau)).toThrow("spec.tau to be a finite number above 0");
    const model = of(tensor([5], [1, 1, 0.25, 1, 1]))();
    expect(() => simulate(model, zeros([1, 2, 2]), { dt: 0.5 })).toThrow(
      "simulate: expected dt at most the smallest tau, 0.25, got 0.5",
    );
    expect(() => model.with({ tau: tensor([2], [1, 1]) })).toThrow("FullRankRNN.with: expected setting.tau of 5");
  },
);

test("learning rules take derivatives of a custom activation from states; what cannot refuses by name", () => {
  const model = FullRankRNN.random({ ...spec, gain: 1.5 }, 1),
    draw = drawing(5),
    batch = { inputs: draw.normal([3, 7, 2]), targets: draw.normal([3, 7, 2]) },
    { w } = model.params;
  const exact = networkObjective(model, batch)({ w }, 0),
    whole = ruleObjective(model, batch, truncatedBptt({ window: 7 }))({ w }, 0);
  whole.gradients.w!.data.forEach((g, i) => expect(Math.abs(g - exact.gradients.w!.data[i])).toBeLessThan(1e-14));
  const own = model.with({ tau: tensor([5], [1, 1, 1, 1, 2]), phi: "tanh" });
  expect(() => ruleObjective(own, batch, truncatedBptt({ window: 7 }))({ w }, 0)).toThrow(
    "ruleObjective: expected one tau for all units",
  );
  expect(() => allFixedPoints(model)).toThrow("got the custom activation softsign");
});

test("the curve of any activation is its value and derivative at a state", () => {
  for (const x of [-1.3, 0.2, 2]) {
    const t = Math.tanh(x);
    expect(Math.abs(activationCurve("tanh").derivative(x) - (1 - t * t))).toBeLessThan(1e-15);
    expect(activationCurve(softsign).derivative(x)).toBe(softsign.derivative(x));
  }
});
