import { expect, test } from "vitest";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN } from "../../src/models";
import { poissonLoss } from "../../src/losses";
import { backpropagate, lossAndGradient, simulate, type Batch, type LossOptions } from "../../src/run";
import { pointMass, reaching } from "../../src/tasks";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { distance } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { sweep, type Draw } from "../support/sweep";

const kinds = ["full rank", "low rank", "low tensor rank"] as const;
const activations = ["tanh", "softplus", "identity", "relu"] as const;

/** A model of any kind with random parameters of every sort. */
function drawModel(
  draw: Draw,
  kind: (typeof kinds)[number],
  {
    units,
    inputs,
    outputs,
    trials,
    phi,
    reads,
  }: {
    units: number;
    inputs: number;
    outputs: number;
    trials: number;
    phi: (typeof activations)[number];
    reads: "rates" | "states";
  },
) {
  const shared = {
    wIn: draw.normal([units, inputs]),
    x0: draw.normal([draw.int(0, 1) ? 1 : trials, units], 0.5),
    bias: draw.normal([units], 0.3),
    ...(outputs !== units || draw.int(0, 1) ? { readout: draw.normal([outputs, units], 0.5) } : {}),
    ...(draw.int(0, 1) ? { readoutGain: draw.normal([outputs]) } : {}),
    ...(draw.int(0, 3) ? { readoutBias: draw.normal([outputs]) } : {}),
  };
  const rank = draw.int(1, 3),
    setting = { phi, reads, tau: 0.8 };
  if (kind === "full rank") return new FullRankRNN({ ...shared, w: draw.normal([units, units], 0.4) }, setting);
  const [a, b] = [draw.normal([units, rank], 0.7), draw.normal([units, rank], 0.7)];
  return kind === "low rank"
    ? new LowRankRNN({ ...shared, m: a, n: b }, setting)
    : new LowTensorRankRNN(
        {
          ...shared,
          a,
          b,
          c: draw.normal([trials, rank]),
          ...(draw.int(0, 1) ? { w0: draw.normal([units, units], 0.4) } : {}),
        },
        setting,
      );
}

function checkAll(draw: Draw, model: ReturnType<typeof drawModel>, batch: Batch, options: LossOptions) {
  const { gradients, inputGradients } = lossAndGradient(model, batch, options);
  gradcheck(
    (params) => lossAndGradient(model.with({ params }), batch, options).loss,
    model.params as Params,
    gradients as Params,
    draw.normal,
  );
  gradcheck(
    ({ inputs }) => lossAndGradient(model, { ...batch, inputs: inputs as Tensor3 }, options).loss,
    { inputs: batch.inputs },
    { inputs: inputGradients },
    draw.normal,
  );
}

test.each(kinds)("every gradient passes finite differences, with masks, noise and odd sizes: %s", (kind) =>
  sweep((draw) => {
    // a relu's kink spoils differences where a state crosses it: smooth activations only, and oracle.test.ts holds relu
    // against PyTorch
    const phi = activations[draw.int(0, 2)],
      sizes = {
        units: draw.int(1, 7),
        inputs: draw.int(1, 3),
        outputs: draw.int(1, 3),
        trials: draw.int(1, 11),
        phi,
        reads: draw.int(0, 1) ? ("rates" as const) : ("states" as const),
      };
    const model = drawModel(draw, kind, sizes),
      steps = draw.int(1, 8);
    const targets = draw.normal([sizes.trials, steps, sizes.outputs]),
      mask = zeros(targets.shape);
    mask.data.forEach((_, at) => (mask.data[at] = draw.int(0, 3) > 0 ? 1 : 0));
    mask.data[0] = 1;
    mask.data.forEach((m, at) => (targets.data[at] = m === 0 ? NaN : targets.data[at])); // never read
    checkAll(
      draw,
      model,
      { inputs: draw.normal([sizes.trials, steps, sizes.inputs]), targets, mask },
      { dt: 0.2, ...(draw.int(0, 1) ? { noise: { sigma: 0.2, seed: 5 } } : {}) },
    );
  }),
);

test.each(kinds)(
  "a filter passes finite differences, in its gain too, and hidden observations are never read: %s",
  (kind) =>
    sweep((draw) => {
      const phi = activations[draw.int(0, 2)],
        trials = draw.int(1, 11),
        [units, inputs, outputs, steps] = [draw.int(1, 7), draw.int(1, 3), draw.int(1, 3), draw.int(1, 8)],
        reads = draw.int(0, 1) ? ("rates" as const) : ("states" as const);
      const plain = drawModel(draw, kind, { units, inputs, outputs, trials, phi, reads }),
        shape = [trials, steps, outputs] as const;
      const model = plain.with({ params: { filterGain: draw.normal([units, outputs], 0.3) } }) as typeof plain,
        targets = draw.normal(shape),
        observed = draw.normal(shape),
        observedMask = zeros(shape);
      observedMask.data.forEach((_, at) => {
        observedMask.data[at] = draw.int(0, 2) > 0 ? 1 : 0;
        if (observedMask.data[at] === 0) observed.data[at] = NaN;
      });
      const batch = { inputs: draw.normal([trials, steps, inputs]), targets, observed, observedMask };
      checkAll(draw, model, batch, { dt: 0.2, integrator: draw.int(0, 1) ? "heun" : "euler" });
      // by its definition, trial by trial and step by step
      if (phi !== "tanh") return;
      const options = { dt: 0.2, integrator: "euler" } as const,
        { outputs: y } = simulate(model, batch.inputs, { ...options, observed, observedMask });
      const { params } = model,
        { x0 } = params,
        row = x0.shape[0] === 1 ? 0 : trials - 1,
        k = trials - 1;
      let x = zeros([1, units]);
      x.data.set(x0.data.subarray(row * units, (row + 1) * units));
      for (let t = 0; t < steps; t++) {
        const u = zeros([1, 1, inputs]);
        u.data.set(batch.inputs.data.subarray((k * steps + t) * inputs, (k * steps + t + 1) * inputs));
        const one = simulate(model.with({ params: { x0: x } }), u, {
          dt: 0.2,
          trials: [kind === "low tensor rank" ? k : 0],
        });
        const seen = one.outputs.data,
          at = (k * steps + t) * outputs;
        seen.forEach((value, i) => expect(Math.abs(value - y.data[at + i])).toBeLessThan(1e-12));
        x = { shape: [1, units], data: one.states.data.slice(units) };
        for (let i = 0; i < units; i++)
          for (let j = 0; j < outputs; j++)
            if (observedMask.data[at + j] === 1)
              x.data[i] += params.filterGain!.data[i * outputs + j] * (observed.data[at + j] - seen[j]);
      }
    }),
);

/** The penalty by its definition: rates of each trial up to the last step that a mask knows of. */
function penaltyOf(
  model: ReturnType<typeof drawModel>,
  { inputs, mask }: Batch,
  { ratePenalty, ...options }: LossOptions,
): number {
  const { l1 = 0, l2 = 0 } = ratePenalty!,
    { loss: _, ...run } = options,
    { data, shape } = simulate(model, inputs, run).rates,
    [trials, steps, units] = shape;
  let sum = 0,
    count = 0;
  for (let k = 0; k < trials; k++) {
    const row = mask?.data.slice(k * steps * mask.shape[2], (k + 1) * steps * mask.shape[2]),
      length = row ? Math.floor(row.lastIndexOf(1) / mask!.shape[2]) + 1 : steps;
    for (let i = k * steps * units; i < (k * steps + length) * units; i++) {
      sum += l1 * Math.abs(data[i]) + (l2 / 2) * data[i] ** 2;
      count++;
    }
  }
  return sum / count;
}

test.each(kinds)(
  "penalties of rates are exact, count up to the end of each trial, and cost no more in another precision: %s",
  (kind) =>
    sweep((draw) => {
      const trials = draw.int(1, 19),
        [units, inputs, outputs, steps] = [draw.int(1, 7), draw.int(1, 3), draw.int(1, 3), draw.int(1, 8)],
        reads = draw.int(0, 1) ? ("rates" as const) : ("states" as const),
        plain = drawModel(draw, kind, { units, inputs, outputs, trials, phi: activations[draw.int(0, 2)], reads }),
        filtered = draw.int(0, 3) === 0,
        shape = [trials, steps, outputs] as const;
      const model = (
          filtered ? plain.with({ params: { filterGain: draw.normal([units, outputs], 0.3) } }) : plain
        ) as typeof plain,
        mask = zeros(shape);
      for (let k = 0; k < trials; k++) {
        const end = draw.int(k === 0 ? 1 : 0, steps); // one trial ends before it begins
        for (let i = 0; i < end * outputs; i++) mask.data[k * steps * outputs + i] = 1;
      }
      const batch: Batch = {
        inputs: draw.normal([trials, steps, inputs]),
        targets: draw.normal(shape),
        ...(draw.int(0, 2) > 0 ? { mask } : {}),
        ...(filtered ? { observed: draw.normal(shape) } : {}),
      };
      const options: LossOptions = {
        dt: 0.2,
        integrator: draw.int(0, 1) ? "heun" : "euler",
        ratePenalty: { l1: 0, l2: 0.7, ...(draw.int(0, 1) ? { l1: 0.3 } : {}) },
      };
      checkAll(draw, model, batch, options);
      const got = lossAndGradient(model, batch, options),
        { ratePenalty: _, ...without } = options,
        bare = lossAndGradient(model, batch, without);
      expect(bare.penalty).toBeUndefined();
      if (!filtered) expect(Math.abs(got.penalty! - penaltyOf(model, batch, options))).toBeLessThan(1e-13);
      expect(Math.abs(got.loss - bare.loss - got.penalty!)).toBeLessThan(1e-13 * got.loss);
      const single = lossAndGradient(model, batch, { ...options, precision: "float32" });
      expect(Math.abs(single.penalty! / got.penalty! - 1)).toBeLessThan(1e-5);
      const twice = backpropagate(model, batch, { ...options, integrator: "euler" });
      expect(twice.loss).toBe(lossAndGradient(model, batch, { ...options, integrator: "euler" }).loss);
    }, 20),
);

test.each(kinds)("Heun steps and Poisson losses pass finite differences too: %s", (kind) =>
  sweep((draw) => {
    const phi = activations[draw.int(0, 2)],
      sizes = {
        units: draw.int(1, 7),
        inputs: draw.int(1, 3),
        outputs: draw.int(1, 3),
        trials: draw.int(1, 11),
        phi,
        reads: draw.int(0, 1) ? ("rates" as const) : ("states" as const),
      };
    const model = drawModel(draw, kind, sizes),
      steps = draw.int(1, 8),
      targets = draw.normal([sizes.trials, steps, sizes.outputs]),
      mask = zeros(targets.shape);
    const poisson = draw.int(0, 1) === 1,
      loss = poisson ? poissonLoss({ binWidth: 0.5, gain: 0.7, link: draw.int(0, 1) ? "exp" : "softplus" }) : undefined;
    targets.data.forEach((x, at) => {
      mask.data[at] = draw.int(0, 3) > 0 ? 1 : 0;
      targets.data[at] = poisson ? Math.round(Math.abs(2 * x)) : x;
    });
    mask.data[0] = 1;
    mask.data.forEach((m, at) => (targets.data[at] = m === 0 ? NaN : targets.data[at]));
    checkAll(
      draw,
      model,
      { inputs: draw.normal([sizes.trials, steps, sizes.inputs]), targets, mask },
      {
        dt: 0.2,
        loss,
        integrator: draw.int(0, 1) ? "heun" : "euler",
        ...(draw.int(0, 1) ? { noise: { sigma: 0.2, seed: 5 } } : {}),
      },
    );
  }),
);

test("Heun's error falls with the square of the step, Euler's with the step", () => {
  const model = FullRankRNN.random({ units: 12, inputs: 1, gain: 1.5 }, 4),
    start = model.with({
      params: {
        x0: tensor(
          [1, 12],
          Array.from({ length: 12 }, (_, i) => Math.cos(i)),
        ),
      },
    });
  const at = (integrator: "euler" | "heun", steps: number) =>
    simulate(start, zeros([1, steps, 1]), { dt: 1 / steps, integrator }).outputs.data.slice(-12);
  const exact = at("heun", 4096),
    error = (integrator: "euler" | "heun", steps: number) =>
      Math.hypot(...at(integrator, steps).map((x, i) => x - exact[i]));
  expect(error("euler", 32) / error("euler", 64)).toBeCloseTo(2, 1);
  expect(error("heun", 32) / error("heun", 64)).toBeGreaterThan(3.8);
  expect(error("heun", 32) / error("heun", 64)).toBeLessThan(4.2);
});

test(
  "float32 gives the loss and the gradients of float64 to single " +
    "precision, and the loss held out is that of its mask",
  () =>
    sweep((draw) => {
      const trials = draw.int(1, 40),
        model = drawModel(draw, kinds[draw.int(0, 2)], {
          units: 9,
          inputs: 2,
          outputs: 3,
          trials,
          phi: "tanh",
          reads: "rates",
        }),
        inputs = draw.normal([trials, 11, 2]),
        targets = draw.normal([trials, 11, 3]);
      const mask = zeros(targets.shape),
        validation = zeros(targets.shape);
      targets.data.forEach((_, at) => ((draw.int(0, 2) ? mask : validation).data[at] = 1));
      mask.data[0] = validation.data[1] = 1;
      mask.data[1] = validation.data[0] = 0;
      const whole = lossAndGradient(model, { inputs, targets, mask, validation }, { dt: 0.1 }),
        single = lossAndGradient(model, { inputs, targets, mask, validation }, { dt: 0.1, precision: "float32" });
      expect(Math.abs(single.loss / whole.loss - 1)).toBeLessThan(1e-6);
      expect(single.provenance.options.precision).toBe("float32");
      // rounding of 6e-8 a state, through 11 steps of a growing network
      for (const [name, g] of Object.entries(whole.gradients as Params))
        expect(distance((single.gradients as Params)[name]!.data, g!.data), name).toBeLessThan(3e-5);
      expect(whole.validationLoss).toBeCloseTo(
        lossAndGradient(model, { inputs, targets, mask: validation }, { dt: 0.1 }).loss,
        14,
      );
    }, 10),
);

test("a gradient needs the data, the parameters and little more, whatever the number of trials", () => {
  const trials = 10_000,
    model = LowRankRNN.random({ units: 200, inputs: 1, outputs: 1, rank: 2 }, 1),
    inputs = zeros([trials, 100, 1]),
    targets = zeros([trials, 100, 1]);
  const before = process.memoryUsage().rss;
  const { loss } = lossAndGradient(model, { inputs, targets }, { precision: "float32" });
  expect(loss).toBe(0); // nothing drives the network
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(300);
});

test.each(kinds)(
  "the reaching task's gradient flows through the plant, with and without feedback and field: %s",
  (kind) =>
    sweep((draw) => {
      const feedback = draw.int(0, 1) === 1,
        task = reaching({ targets: draw.int(1, 9), steps: 14, dt: 0.1, cue: 3, duration: 9 }),
        trials = task.conditions.angle.length;
      const model = drawModel(draw, kind, {
        units: draw.int(3, 9),
        inputs: 3 + (feedback ? 4 : 0),
        outputs: 2,
        trials,
        phi: "tanh",
        reads: "rates",
      });
      const plant = pointMass({ mass: 0.7, friction: 0.4, curl: draw.int(-2, 2), strength: 3, dt: task.dt, feedback });
      checkAll(draw, model, task.batch, {
        dt: task.dt,
        plant,
        ...(draw.int(0, 1) ? { noise: { sigma: 0.1, seed: 2 } } : {}),
      });
    }, 12),
);

test("a custom plant is differentiated too: a spring with a nonlinear force", () =>
  sweep((draw) => {
    const dt = 0.1;
    const plant = {
      states: 1,
      controls: 1,
      feedback: 1,
      init: (s: Float64Array) => s.fill(0.3),
      step: (next: Float64Array, s: Float64Array, y: Float64Array) => {
        next[0] = s[0] + dt * (Math.sin(y[0]) - s[0] ** 3);
      },
      stepAdjoint: (ds: Float64Array, dy: Float64Array, dNext: Float64Array, s: Float64Array, y: Float64Array) => {
        ds[0] += dNext[0] * (1 - dt * 3 * s[0] ** 2);
        dy[0] += dNext[0] * dt * Math.cos(y[0]);
      },
    };
    const model = drawModel(draw, "full rank", {
      units: 4,
      inputs: 3,
      outputs: 1,
      trials: 3,
      phi: "tanh",
      reads: "rates",
    });
    checkAll(draw, model, { inputs: draw.normal([3, 9, 2]), targets: draw.normal([3, 9, 1]) }, { dt, plant });
  }, 8));

test("the gradient in W is alpha times the sum of adjoints and rates, whatever the plant", () =>
  sweep((draw) => {
    const task = reaching({ targets: 3, steps: 10, cue: 2, duration: 8 }),
      model = FullRankRNN.random({ units: 5, inputs: 3, outputs: 2 }, draw.seed);
    const { gradients, adjoints, rates, alpha } = backpropagate(model, task.batch, {
      dt: 0.1,
      plant: pointMass({ dt: 0.1, curl: 1 }),
    });
    const want = zeros([5, 5]);
    for (let k = 0; k < 3; k++)
      for (let t = 0; t < 10; t++)
        for (let i = 0; i < 5; i++)
          for (let j = 0; j < 5; j++)
            want.data[i * 5 + j] +=
              (alpha as number) * adjoints.data[(k * 11 + t + 1) * 5 + i] * rates.data[(k * 11 + t) * 5 + j];
    gradients.w.data.forEach((g, at) => expect(Math.abs(g - want.data[at])).toBeLessThan(1e-13));
  }, 5));

test("low rank equals full rank with the same weights, and trials do not depend on how they are grouped", () =>
  sweep((draw) => {
    const trials = draw.int(9, 20),
      model = drawModel(draw, "low tensor rank", {
        units: 6,
        inputs: 2,
        outputs: 2,
        trials,
        phi: "tanh",
        reads: "rates",
      }) as LowTensorRankRNN;
    const inputs = draw.normal([trials, 7, 2]),
      options = { dt: 0.1, noise: { sigma: 0.1, seed: 1 } },
      whole = simulate(model, inputs, options);
    const k = draw.int(0, trials - 1),
      x0 =
        model.params.x0.shape[0] === 1 ? model.params.x0 : tensor([1, 6], model.params.x0.data.slice(k * 6, k * 6 + 6));
    const { a: _, b: __, c: ___, w0: ____, ...shared } = model.params;
    const full = new FullRankRNN({ ...shared, x0, w: model.weights(k) }, model.setting);
    const alone = simulate(full, tensor([1, 7, 2], inputs.data.slice(k * 14, k * 14 + 14)), { dt: 0.1 });
    const noiseless = simulate(model, inputs, { dt: 0.1 });
    alone.outputs.data.forEach((y, at) =>
      expect(Math.abs(y - noiseless.outputs.data[k * 14 + at])).toBeLessThan(1e-12),
    );
    const some = [k, 0, k].slice(0, draw.int(1, 3)); // other company, same trial
    const few = simulate(
      model,
      tensor(
        [some.length, 7, 2],
        some.flatMap((trial) => [...inputs.data.slice(trial * 14, trial * 14 + 14)]),
      ),
      { dt: 0.1, trials: some, conditions: model.params.x0.shape[0] === 1 ? some.map(() => 0) : some },
    );
    expect([...few.outputs.data.slice(0, 14)]).toEqual([...noiseless.outputs.data.slice(k * 14, k * 14 + 14)]);
    expect(simulate(model, inputs, options)).toEqual(whole);
  }, 10));

test("wrong calls are refused with their place, and NaN is named where it appears", () => {
  const model = FullRankRNN.random({ units: 4, inputs: 2, outputs: 1 }, 1),
    inputs = zeros([3, 5, 2]);
  expect(() => simulate(model, zeros([3, 5, 1]))).toThrow(
    "simulate: expected 2 inputs, the columns of wIn, got inputs of shape (3 × 5 × 1)",
  );
  expect(() => simulate(model, inputs, { dt: 2 })).toThrow("simulate: expected dt at most tau = 1, got 2");
  expect(() => lossAndGradient(model, { inputs, targets: zeros([3, 5, 2]) })).toThrow("targets of shape (3 × 5 × 1)");
  expect(() => lossAndGradient(model, { inputs, targets: zeros([3, 5, 1]), mask: zeros([3, 5, 1]) })).toThrow(
    "expected at least one observed entry in the targets, got a mask of zeros",
  );
  const targets = zeros([3, 5, 1]);
  targets.data[7] = NaN;
  expect(() => lossAndGradient(model, { inputs, targets })).toThrow(
    "expected finite targets where they are observed, got NaN at index [1, 2, 0]",
  );
  inputs.data[12] = Infinity;
  expect(() => simulate(model, inputs)).toThrow("expected finite entries in inputs, got Infinity at index [1, 1, 0]");
  const wild = new FullRankRNN(
    { ...model.params, w: { shape: [4, 4], data: new Float64Array(16).fill(1e200) }, x0: tensor([1, 4], [1, 1, 1, 1]) },
    { phi: "identity" },
  );
  expect(() => simulate(wild, zeros([3, 5, 2]))).toThrow(
    /states that stay finite, got (Infinity|NaN) in trial 0 at step 2, unit 0/,
  );
  expect(() =>
    lossAndGradient(
      model,
      { inputs: zeros([3, 5, 2]), targets: { ...zeros([3, 5, 1]), data: new Float64Array(15).fill(-1) } },
      { loss: poissonLoss() },
    ),
  ).toThrow(
    "expected targets of counts, whole numbers of at least 0, where they are observed, got -1 at index [0, 0, 0]",
  );
  expect(() => simulate(model, zeros([3, 5, 2]), { precision: "half" as never })).toThrow(
    'expected precision to be "float64" or "float32", got "half"',
  );
  expect(() => simulate(model, zeros([3, 5, 2]), { integrator: "rk4" as never })).toThrow(
    'expected integrator to be "euler" or "heun", got "rk4"',
  );
  expect(() =>
    backpropagate(model, { inputs: zeros([3, 5, 2]), targets: zeros([3, 5, 1]) }, { integrator: "heun" }),
  ).toThrow("Take lossAndGradient");
  expect(() => new FullRankRNN({ ...model.params, w: zeros([4, 3]) })).toThrow(
    "FullRankRNN: expected w to be square, got 4 × 3",
  );
  expect(() => new FullRankRNN(model.params, { phi: "sine" as never })).toThrow(
    'expected setting.phi to be "tanh" or "relu" or ' +
      '"softplus" or "identity", or ' +
      'a custom { name, value, derivative }, got "sine"',
  );
  expect(() =>
    simulate(LowTensorRankRNN.random({ units: 4, inputs: 2, rank: 1, trials: 3 }, 1), zeros([2, 5, 2])),
  ).toThrow("expected 3 trials, one per row of the trial factor, got 2");
});
