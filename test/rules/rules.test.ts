import { expect, test } from "vitest";
import { last, random } from "../../src/base";
import { FullRankRNN, LowRankRNN } from "../../src/models";
import { momentum, sgd } from "../../src/optim";
import {
  eProp,
  feedbackAlignment,
  nodePerturbation,
  rewardHebb,
  rflo,
  ruleObjective,
  truncatedBptt,
  type LearningRule,
} from "../../src/rules";
import { lossAndGradient, type Batch } from "../../src/run";
import { poissonLoss } from "../../src/losses";
import { slice, tensor, zeros, type Matrix, type Params, type Tensor3 } from "../../src/tensor";
import { miniBatches, train, type Snapshot } from "../../src/train";
import { distance } from "../support/close";
import { draw as drawOf } from "../support/sweep";
import { byForwardTraces, trialByHand } from "./by-hand";

const units = 4,
  alpha = 0.2,
  steps = 6,
  trials = 3;
const draw = drawOf(7);
const batch: Batch = {
  inputs: draw.normal([trials, steps, 2]) as Tensor3,
  targets: draw.normal([trials, steps, 2]) as Tensor3,
  mask: tensor(
    [trials, steps, 2],
    Array.from({ length: trials * steps * 2 }, (_, i) => Number(i % 5 !== 2)),
  ),
};
const network = (phi: "tanh" | "softplus" | "identity", reads: "rates" | "states", readout = true) =>
  new FullRankRNN(
    {
      w: draw.normal([units, units], 0.6),
      wIn: draw.normal([units, 2], 0.5),
      x0: draw.normal([trials, units], 0.3),
      bias: draw.normal([units], 0.2),
      ...(readout ? { readout: draw.normal([2, units], 0.7), readoutBias: draw.normal([2], 0.1) } : {}),
    },
    { phi, reads },
  );
const networks: [string, FullRankRNN][] = [
  ["tanh, rates", network("tanh", "rates")],
  ["softplus, states", network("softplus", "states")],
  ["identity, rates", network("identity", "rates")],
];
const options = { dt: alpha };
const every = (model: FullRankRNN): Params => ({ ...model.params }) as Params;
const gradientsOf = (model: FullRankRNN, rule: LearningRule, of = batch) =>
  ruleObjective(model, of, rule, options)(every(model), 0).gradients;
const compare = (got: Params, want: Record<string, ArrayLike<number>>, tolerance = 1e-12) => {
  for (const [name, entries] of Object.entries(want))
    expect(distance(got[name]!.data, entries), name).toBeLessThan(tolerance);
};
const feedback: Matrix = draw.normal([units, 2], 0.8);

test.each(networks)("%s: RFLO is its published sum of errors and traces, written out", (_, model) => {
  const { w, wIn, bias } = gradientsOf(model, rflo({ feedback }));
  const sums = { w: new Float64Array(16), wIn: new Float64Array(8), bias: new Float64Array(4) };
  for (let trial = 0; trial < trials; trial++) {
    const { h, slopes, u, e } = trialByHand(model, batch, trial, alpha);
    const p = new Float64Array(units),
      q = new Float64Array(2);
    let one = 0;
    for (let t = 0; t < steps; t++) {
      for (let j = 0; j < units; j++) p[j] = (1 - alpha) * p[j] + alpha * h[t][j];
      for (let k = 0; k < 2; k++) q[k] = (1 - alpha) * q[k] + alpha * u[t][k];
      one = (1 - alpha) * one + alpha;
      for (let i = 0; i < units; i++) {
        const signal = feedback.data[2 * i] * e[t + 1][0] + feedback.data[2 * i + 1] * e[t + 1][1],
          own = signal * (model.setting.reads === "rates" ? slopes[t + 1][i] : 1);
        for (let j = 0; j < units; j++) sums.w[i * units + j] += own * p[j];
        for (let k = 0; k < 2; k++) sums.wIn[i * 2 + k] += own * q[k];
        sums.bias[i] += own * one;
      }
    }
  }
  compare({ w, wIn, bias }, sums);
});

test.each(networks)(
  "%s: local rules and random feedback are forward sensitivities with what they leave out",
  (_, model) => {
    compare(
      gradientsOf(model, rflo({ feedback })),
      byForwardTraces(model, batch, alpha, { feedback, recurrent: false }),
    );
    compare(gradientsOf(model, eProp()), byForwardTraces(model, batch, alpha, { recurrent: false }));
    compare(
      gradientsOf(model, eProp({ feedback })),
      byForwardTraces(model, batch, alpha, { feedback, recurrent: false }),
    );
    compare(
      gradientsOf(model, feedbackAlignment({ feedback })),
      byForwardTraces(model, batch, alpha, { feedback, recurrent: true }),
    );
  },
);

test.each(networks)("%s: with the transposed readout and all steps, rules are the gradient", (_, model) => {
  const exact = lossAndGradient(model, batch, options),
    { readout } = model.params;
  const back: Matrix = tensor(
    [units, 2],
    Array.from({ length: 8 }, (_, at) => readout!.data[(at % 2) * units + (at >> 1)]),
  );
  const want = Object.fromEntries(Object.entries(exact.gradients as Params).map(([name, g]) => [name, g!.data]));
  compare(gradientsOf(model, feedbackAlignment({ feedback: back })), want);
  compare(gradientsOf(model, truncatedBptt({ window: steps })), want);
  compare(gradientsOf(model, truncatedBptt({ window: steps, every: 1 })), want);
  const evaluation = ruleObjective(model, batch, rflo(), options)(every(model), 0);
  expect(Math.abs(evaluation.loss - exact.loss)).toBeLessThan(1e-14);
  compare(
    { readout: evaluation.gradients.readout, readoutBias: evaluation.gradients.readoutBias },
    {
      readout: want.readout,
      readoutBias: want.readoutBias,
    },
  ); // the readout follows its own errors under every rule
});

test("without recurrence e-prop is the gradient; so it is for one step", () => {
  for (const reads of ["rates", "states"] as const) {
    const model = network("tanh", reads).with({ params: { w: zeros([units, units]) } });
    const want = lossAndGradient(model, batch, options).gradients as Params;
    compare(gradientsOf(model, eProp()), Object.fromEntries(Object.entries(want).map(([name, g]) => [name, g!.data])));
  }
  const first = (x: Tensor3) => slice(x, [undefined, [0, 1]]),
    one: Batch = { inputs: first(batch.inputs), targets: first(batch.targets!) };
  const model = networks[0][1];
  const { w, wIn, bias } = lossAndGradient(model, one, options).gradients;
  compare(gradientsOf(model, eProp(), one), { w: w.data, wIn: wIn.data, bias: bias!.data });
});

test("without a readout, errors reach each unit itself", () => {
  const model = network("tanh", "rates", false),
    own: Batch = { inputs: batch.inputs, targets: draw.normal([trials, steps, units]) as Tensor3 };
  compare(gradientsOf(model, eProp(), own), byForwardTraces(model, own, alpha, { recurrent: false }));
  const { w } = lossAndGradient(model, own, options).gradients;
  compare(gradientsOf(model, truncatedBptt({ window: steps }), own), { w: w.data });
});

/** x_first .. x_last of every trial as a batch of its own, with the errors after `after` alone. */
function segment(model: FullRankRNN, states: Tensor3, first: number, last: number, after: number) {
  const mask = slice(batch.mask!, [undefined, [first, last]]),
    at = (t: number) => (first + t >= after ? 1 : 0);
  const kept = tensor(
    mask.shape,
    Array.from(mask.data, (m, i) => m * at(Math.floor(i / 2) % (last - first))),
  );
  const x0 = slice(states, [undefined, [first, first + 1]]);
  return {
    model: model.with({ params: { x0: { shape: [trials, units], data: x0.data } } }),
    batch: {
      inputs: slice(batch.inputs, [undefined, [first, last]]),
      targets: slice(batch.targets!, [undefined, [first, last]]),
      mask: kept,
    },
    observed: kept.data.reduce((sum, m) => sum + m, 0),
  };
}

test.each(networks)("%s: truncated BPTT adds the gradients of segments that start from fixed states", (_, model) => {
  const { states } = ruleObjective(model, batch, eProp(), options)(every(model), 0),
    observed = batch.mask!.data.reduce((sum, m) => sum + m, 0);
  for (const [window, between] of [
    [2, 2],
    [3, 1],
    [4, 2],
    [5, 4],
    [1, 1],
  ]) {
    const want = Object.fromEntries(
      Object.entries(model.params as Params).map(([name, p]) => [name, new Float64Array(p!.data.length)]),
    );
    for (let from = 0; from < steps; from += between) {
      const last = Math.min(from + between, steps),
        first = Math.max(last - window, 0),
        part = segment(model, states, first, last, from);
      const { gradients } = lossAndGradient(part.model, part.batch, options);
      for (const [name, g] of Object.entries(gradients as Params))
        if (name !== "x0" || first === 0)
          g!.data.forEach((value, i) => (want[name][i] += (value * part.observed) / observed));
    }
    if (window < between) for (const name of ["readout", "readoutBias"]) delete want[name];
    compare(gradientsOf(model, truncatedBptt({ window, every: between })), want);
  }
});

test("node perturbation is its published product of reward and noise, written out", () => {
  const model = networks[0][1],
    sigma = 0.05;
  const { gradients } = ruleObjective(
    model,
    batch,
    nodePerturbation({ sigma, draws: 2, seed: 11 }),
    options,
  )({ w: model.params.w, wIn: model.params.wIn, bias: model.params.bias! }, 5);
  const sums = { w: new Float64Array(16), wIn: new Float64Array(8), bias: new Float64Array(4) },
    observed = batch.mask!.data.reduce((sum, m) => sum + m, 0);
  for (const k of [0, 1]) {
    const { normal } = random(11, `perturbation ${k} of update 5`),
      noise = Array.from({ length: trials * steps * units }, () => sigma * normal());
    for (let trial = 0; trial < trials; trial++) {
      const xi = (t: number, i: number) => noise[(trial * steps + t) * units + i];
      const calm = trialByHand(model, batch, trial, alpha),
        moved = trialByHand(model, batch, trial, alpha, xi);
      const share =
        batch.mask!.data.slice(trial * steps * 2, (trial + 1) * steps * 2).reduce((sum, m) => sum + m, 0) / observed;
      const change = (share * (moved.loss - calm.loss)) / (sigma ** 2 * 2);
      for (let t = 0; t < steps; t++)
        for (let i = 0; i < units; i++) {
          for (let j = 0; j < units; j++) sums.w[i * units + j] += change * xi(t, i) * calm.h[t][j];
          for (let j = 0; j < 2; j++) sums.wIn[i * 2 + j] += change * xi(t, i) * calm.u[t][j];
          sums.bias[i] += change * xi(t, i);
        }
    }
  }
  compare(gradients, sums, 1e-9); // differences of losses lose digits
});

test("the mean of node perturbation over noise is the gradient", () => {
  const model = networks[0][1],
    rule = nodePerturbation({ sigma: 1e-3, draws: 6000, seed: 2 });
  const { w } = ruleObjective(model, batch, rule, options)({ w: model.params.w }, 0).gradients,
    exact = lossAndGradient(model, batch, options).gradients.w;
  // 72 numbers of noise a draw: relative deviations of about (72 / 6000)^1/2 = 0.11, over 16 entries
  const off = Math.hypot(...w!.data.map((x, i) => x - exact.data[i])) / Math.hypot(...exact.data);
  expect(off).toBeLessThan(0.3);
  const dot = w!.data.reduce((sum, x, i) => sum + x * exact.data[i], 0);
  expect(Math.abs(dot / exact.data.reduce((sum, x) => sum + x * x, 0) - 1)).toBeLessThan(0.15);
});

test(
  "reward-modulated Hebb is its published sum of cubes, written out " + "over three updates with what is expected",
  async () => {
    const model = networks[0][1],
      rate = 2,
      jump = 0.4,
      trace = 0.1,
      expectation = 0.6;
    const rule = rewardHebb({ rate, jump, trace, expectation, seed: 3 }),
      objective = ruleObjective(model, batch, rule, options);
    const start = { w: model.params.w, wIn: model.params.wIn, bias: model.params.bias! },
      optimizer = sgd(20);
    let now = model;
    const expected: number[] = [];
    let updates = 0;
    for await (const { step, params, evaluation, remembered } of train(objective, start as Params, {
      optimizer,
      steps: 3,
      every: 1,
    })) {
      expect(remembered === undefined).toBe(step === 0);
      const { uniform } = random(3, `perturbation of update ${step}`),
        drive = Array.from({ length: trials * steps * units }, () =>
          uniform() < rate * alpha ? (jump * (2 * uniform() - 1)) / alpha : 0,
        );
      now = now.with({ params: params as never });
      const sums = { w: new Float64Array(16), wIn: new Float64Array(8), bias: new Float64Array(4) };
      for (let trial = 0; trial < trials; trial++) {
        const { x, h, u, loss } = trialByHand(
          now,
          batch,
          trial,
          alpha,
          (t, i) => drive[(trial * steps + t) * units + i],
        );
        const surprise = (loss - (expected[trial] ?? loss)) / trials;
        expected[trial] = expectation * (expected[trial] ?? loss) + (1 - expectation) * loss;
        const mean = [...x[0]];
        for (let t = 1; t <= steps; t++)
          for (let i = 0; i < units; i++) {
            const fluctuation = x[t][i] - mean[i];
            mean[i] = trace * mean[i] + (1 - trace) * x[t][i];
            for (let j = 0; j < units; j++) sums.w[i * units + j] += surprise * (fluctuation * h[t - 1][j]) ** 3;
            for (let j = 0; j < 2; j++) sums.wIn[i * 2 + j] += surprise * (fluctuation * u[t - 1][j]) ** 3;
            sums.bias[i] += surprise * fluctuation ** 3;
          }
      }
      if (step === 0)
        expect(sums.w.every((x) => x === 0)).toBe(true); // nothing was expected yet
      else expect(Math.hypot(...sums.w)).toBeGreaterThan(1e-6);
      updates = step;
      compare(evaluation.gradients, sums, 1e-9);
      expect(Object.values((evaluation.memory as { expected: Record<string, number> }).expected)).toEqual(
        expected.map((value) => expect.closeTo(value, 12)),
      );
    }
    expect(updates).toBe(3);
  },
);

const rules: [string, LearningRule, string[], number][] = [
  ["RFLO", rflo({ seed: 1 }), ["w", "wIn", "readout"], 0.3],
  ["e-prop", eProp(), ["w", "wIn", "readout"], 0.3],
  ["random feedback", feedbackAlignment({ seed: 1 }), ["w", "wIn", "readout"], 0.3],
  ["truncated BPTT", truncatedBptt({ window: 3 }), ["w", "wIn", "readout"], 0.3],
  ["node perturbation", nodePerturbation({ sigma: 0.01, seed: 1, draws: 4 }), ["w", "wIn", "bias"], 0.1],
  ["reward-modulated Hebb", rewardHebb({ rate: 1, jump: 0.5, seed: 1 }), ["w", "wIn", "bias"], 2],
];

/** A network that has to reach and hold one of two levels. */
function levels() {
  const model = FullRankRNN.random({ units: 20, inputs: 2, outputs: 1, gain: 0.8 }, 5);
  const inputs = zeros([2, 20, 2]),
    targets = zeros([2, 20, 1]);
  for (let t = 0; t < 20; t++) {
    inputs.data[2 * t] = inputs.data[(20 + t) * 2 + 1] = 1;
    targets.data[t] = 0.5;
    targets.data[20 + t] = -0.5;
  }
  const { readout, ...others } = model.params;
  const large: Matrix = tensor(
    readout!.shape,
    readout!.data.map((c) => c * 10),
  );
  return {
    model: new FullRankRNN({ ...others, bias: zeros([20]), readout: large }, model.setting),
    batch: { inputs, targets },
  };
}

test.each(rules)("%s learns, the same way each time, and resumes to the same bits", async (_, rule, names, rate) => {
  const { model, batch } = levels(),
    objective = ruleObjective(model, batch, rule),
    start = Object.fromEntries(names.map((name) => [name, (model.params as Params)[name]])) as Params;
  const options = { optimizer: sgd(rate), steps: 300 };
  const whole = await last(train(objective, start, options));
  expect(whole.loss).toBeLessThan(0.5 * objective(start, 0).loss);
  const half: Snapshot = structuredClone(await last(train(objective, start, { ...options, steps: 120 })));
  const rest = await last(train(ruleObjective(model, batch, rule), half, { ...options, steps: 180 }));
  expect([rest.params, rest.loss]).toEqual([whole.params, whole.loss]);
  const other = rule.description.kind === "rflo" ? rflo({ seed: 2 }) : rflo();
  await expect(last(train(ruleObjective(model, batch, other), half as never, options))).rejects.toThrow(
    "objective.rule.",
  );
});

test("types of trials keep their names in mini-batches, whose rewards are expected one by one", () => {
  const { model, batch } = levels(),
    objective = ruleObjective(model, miniBatches(model, batch, { size: 1, order: "in turn" }), rewardHebb({ seed: 1 }));
  const first = objective({ w: model.params.w }, 0),
    second = objective({ w: model.params.w }, 1, first.memory),
    expected = (second.memory as { expected: Record<string, number> }).expected;
  expect(Object.keys(expected)).toEqual(["0", "1"]);
  expect(second.gradients.w!.data.every((x) => x === 0)).toBe(true); // the first of its type
  expect(objective({ w: model.params.w }, 2, second.memory).gradients.w!.data.some((x) => x !== 0)).toBe(true);
  expect(() => objective({ w: model.params.w }, 2, { expected: { 0: "low" } })).toThrow(
    "ruleObjective: expected a memory { expected } of finite losses",
  );
});

test("validation entries are reported and move nothing; noise is drawn anew; other losses have other errors", () => {
  const model = networks[0][1],
    { mask, ...rest } = batch,
    validation = tensor(
      mask!.shape,
      Array.from(mask!.data, (m) => 1 - m),
    );
  const held = ruleObjective(model, { ...rest, validation }, eProp(), options)(every(model), 0),
    want = lossAndGradient(model, { ...rest, validation }, options);
  expect(held.validationLoss).toBeCloseTo(want.validationLoss!, 13);
  compare(held.gradients, { readout: want.gradients.readout!.data });
  const noisy = ruleObjective(model, batch, eProp(), { ...options, noise: { sigma: 0.3, seed: 1 } });
  expect(noisy(every(model), 0).loss).not.toBe(noisy(every(model), 1).loss);
  expect([noisy.steady, ruleObjective(model, batch, eProp(), options).steady]).toEqual([false, true]);
  expect(ruleObjective(model, batch, nodePerturbation(), options).steady).toBe(false);
  const counts = {
      ...batch,
      targets: tensor(
        batch.targets!.shape,
        Array.from(batch.targets!.data, (x) => Math.round(Math.abs(x))),
      ),
    },
    loss = poissonLoss();
  const poisson = ruleObjective(model, counts, truncatedBptt({ window: steps }), { ...options, loss })(every(model), 0),
    exact = lossAndGradient(model, counts, { ...options, loss });
  expect(poisson.loss).toBeCloseTo(exact.loss, 13);
  compare(poisson.gradients, { w: exact.gradients.w.data, readout: exact.gradients.readout!.data });
});

test("a user's own rule trains, and says what it trains", async () => {
  const signs: LearningRule = {
    name: "signs",
    description: { kind: "custom", name: "signs" },
    trains: ["readout"],
    spread: { because: "signs are taken entry by entry" },
    estimate({ errors, rates }) {
      const sum = zeros([1, 20]);
      for (let row = 0; row < errors.data.length; row++)
        for (let i = 0; i < 20; i++)
          sum.data[i] +=
            Math.sign(errors.data[row]) * rates.data[(Math.floor(row / 20) * 21 + (row % 20) + 1) * 20 + i];
      return { gradients: { readout: sum } };
    },
  };
  const { model, batch } = levels(),
    start = { readout: zeros([1, 20]) },
    objective = ruleObjective(model, batch, signs);
  const end = await last(train(objective, start as Params, { optimizer: sgd(1e-4), steps: 200 }));
  expect(end.loss).toBeLessThan(0.5 * objective(start, 0).loss);
  await expect(last(train(objective, { w: model.params.w } as Params))).rejects.toThrow(
    "ruleObjective: expected parameters that signs trains: readout, got w",
  );
});

test("a run that overflows under a rule ends as diverged", async () => {
  const { model, batch } = levels(),
    unstable = model.with({ phi: "identity" });
  const end = await last(
    train(ruleObjective(unstable, batch, rflo()), { w: model.params.w } as Params, { optimizer: momentum(1e6) }),
  );
  expect(end.status).toBe("diverged");
  expect(end.divergence!.reason).toContain("became");
});

test("wrong calls are refused", () => {
  const { model, batch } = levels(),
    low = LowRankRNN.random({ units: 20, inputs: 2, outputs: 1, rank: 1 }, 1);
  const refused: [() => unknown, string][] = [
    [() => ruleObjective(low as never, batch, rflo()), "ruleObjective: expected model to be a FullRankRNN"],
    [
      () => ruleObjective(model, batch, "rflo" as never),
      "ruleObjective: expected rule to be a record { name, description, trains, spread, estimate }",
    ],
    [
      () => ruleObjective(model, batch, rflo(), { plant: {} } as never),
      "ruleObjective: expected options by known names, got the unknown name plant",
    ],
    [
      () => ruleObjective(model, { inputs: batch.inputs }, rflo()),
      "ruleObjective: expected targets in the batch, got none",
    ],
    [
      () => ruleObjective(model, batch, rflo({ feedback: zeros([3, 1]) }))({ w: model.params.w }, 0),
      "ruleObjective: expected feedback of rflo (20 × 1)",
    ],
    [
      () => ruleObjective(model, batch, nodePerturbation())({ readout: model.params.readout }, 0),
      "expected parameters that nodePerturbation trains: w, wIn, bias, got readout",
    ],
    [() => rflo({ scale: 0 }), "rflo: expected scale to be a finite number above 0"],
    [() => eProp("random" as never), 'eProp: expected signal to be "symmetric", or a record'],
    [() => feedbackAlignment({ sed: 1 } as never), "Did you mean seed?"],
    [() => truncatedBptt({ window: 0 }), "truncatedBptt: expected window to be a whole number of at least 1"],
    [() => truncatedBptt(undefined as never), "truncatedBptt: expected window to be given"],
    [() => nodePerturbation({ sigma: 0 }), "nodePerturbation: expected sigma to be a finite number above 0"],
    [() => rewardHebb({ trace: 1 }), "rewardHebb: expected trace to be a finite number of at least 0 and below 1"],
  ];
  for (const [call, words] of refused) expect(call, words).toThrow(words);
});
