import { expect, test } from "vitest";
import {
  fitLowTensorRank,
  predictTrials,
  type FitOptions,
  type LowTensorRankFit,
  type NewCondition,
} from "../../src/fit";
import { expectedTargets, poissonLoss } from "../../src/losses";
import { LowTensorRankRNN } from "../../src/models";
import { fixedTrialFactors, piecewiseConstantTrialFactors, randomWalkTrialFactors } from "../../src/parts";
import { simulate } from "../../src/run";
import { varianceExplained } from "../../src/scores";
import { tensor, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const [bins, units, trials] = [10, 8, 40],
  angles = [0, 1, 2.1, 3.2, 4.4], // of the conditions; the one at 2.1 is left out of fits
  left = 2,
  fitted = [0, 1, 3, 4];

/** Inputs of a condition: a direction, held and then let go, beside a pulse that all conditions share. */
function courseOf(condition: number): Matrix {
  const course = zeros([bins, 3]),
    angle = angles[condition];
  for (let t = 0; t < bins; t++)
    course.data.set([Math.cos(angle) * (t < 6 ? 1 : 0.2), Math.sin(angle) * (t < 6 ? 1 : 0.2), t === 2 ? 1 : 0], 3 * t);
  return course;
}

const d = draw(11),
  parts = {
    a: d.normal([units, 2], 0.6),
    b: d.normal([units, 2], 0.6),
    wIn: d.normal([units, 3], 0.8),
    x0: d.normal([1, units], 0.4),
  };

/** What a planted network, whose weights change smoothly, does at some times in some conditions. */
function planted(times: readonly number[], conditions: readonly number[]) {
  const c = zeros([times.length, 2]),
    inputs = zeros([times.length, bins, 3]);
  times.forEach((time, k) => {
    c.data.set([Math.sin(time / 7), Math.cos(time / 9)], 2 * k);
    inputs.data.set(courseOf(conditions[k]).data, k * bins * 3);
  });
  const model = new LowTensorRankRNN({ ...parts, c }, { tau: 3 });
  return { inputs, activity: simulate(model, inputs, { dt: 1, conditions: times.map(() => 0) }).outputs };
}

const times = Array.from({ length: trials }, (_, k) => k),
  conditions = times.map((k) => fitted[(k * 7) % 4]),
  clean = planted(times, conditions),
  noisy: Tensor3 = {
    shape: clean.activity.shape,
    data: clean.activity.data.map((y) => y + 0.02 * d.normal([1]).data[0]),
  };
const options: FitOptions = {
  conditions,
  inputs: clean.inputs,
  decoder: "identity",
  network: { tau: 3, trialKernel: { length: 7 }, initialStates: "shared" },
  training: { steps: 200, starts: 1 },
};

test("a condition left out is predicted nearly as well as those fitted, and by wrong inputs it is not", async () => {
  const later = [5.5, 14.5, 22.5, 31.5]; // between trials that were fitted
  const r2 = (fit: LowTensorRankFit, condition: number, inputs: Matrix) => {
    const known = condition !== left,
      truth = planted(
        later,
        later.map(() => condition),
      ),
      found = predictTrials(fit, {
        times: later,
        conditions: later.map(() => (known ? condition : "new")),
        ...(known ? { inputs: truth.inputs } : { newConditions: [{ label: "new", inputs }] }),
      });
    if (found.status === "refused") throw new Error(found.because);
    // the same times have the same factors and variance, whatever the condition
    const plain = predictTrials(fit, { times: later, inputs: truth.inputs });
    if (plain.status === "refused") throw new Error(plain.because);
    expect(found.trialFactors).toEqual(plain.trialFactors);
    const all = tensor(truth.activity.shape, new Float64Array(truth.activity.data.length).fill(1));
    return varianceExplained(truth.activity, found.prediction, { train: all, over: all });
  };
  for (const decoder of ["identity", "linear", "orthogonal"] as const) {
    const fit = await fitLowTensorRank(noisy, 2, {
        ...options,
        decoder,
        network: { ...options.network, ...(decoder === "identity" ? {} : { units: 8 }) },
      }),
      ofKnown = Math.min(...fitted.map((condition) => r2(fit, condition, courseOf(condition)))),
      ofNew = r2(fit, left, courseOf(left)),
      ofWrong = r2(fit, left, courseOf(4));
    // behind other decoders units are hidden, and what was planted is one of many networks that fit
    const [known, unseen] = decoder === "identity" ? [0.999, 0.995] : [0.99, 0.97];
    expect(ofKnown).toBeGreaterThan(known);
    expect(ofNew).toBeGreaterThan(unseen);
    expect(ofWrong).toBeLessThan(0); // worse than the mean of what it should be
  }
});

test("it is simulate with the factors, inputs and initial states by hand, to the bit, in counts too", async () => {
  const counts = tensor(
    [12, 6, 3],
    Array.from({ length: 216 }, (_, i) => (i * 7) % 4),
  );
  const each = Array.from({ length: 12 }, (_, k) => k),
    loss = poissonLoss({ binWidth: 0.1 });
  const forms: Readonly<Record<string, FitOptions>> = {
    plain: {},
    counts: { training: { loss } },
    orthogonal: { decoder: "orthogonal" },
    "identity, piecewise constant": {
      decoder: "identity",
      network: {
        phi: "identity",
        trialKernel: piecewiseConstantTrialFactors(each.map((k) => (k < 6 ? "before" : "after"))),
      },
      epochs: each.map((k) => (k < 6 ? "before" : "after")),
    },
    "random walk": { network: { trialKernel: randomWalkTrialFactors(each) } },
    "Matern with noise": { network: { trialKernel: { kernel: "matern32", length: 4, sigma: 0.5 } } },
    "no learning": { network: { trialKernel: fixedTrialFactors(12) } },
    "static part, filter, states of single trials": {
      network: { staticRank: 1, filter: true, initialStates: { sigma: 0.2 } },
    },
  };
  for (const [form, { network, training, ...more }] of Object.entries(forms)) {
    const units = more.decoder === "identity" ? 3 : 5,
      fit = await fitLowTensorRank(counts, 1, {
        conditions: each.map((k) => k % 2),
        inputs: 2,
        ...more,
        network: { units, preparation: 2, ...network },
        training: { steps: 8, starts: 1, ...training },
      }),
      epochs = (count: number) => (more.epochs ? { epochs: Array<string>(count).fill("after") } : {});
    const up: NewCondition = { label: "up", inputs: d.normal([8, 2]), initialState: d.normal([units]) },
      found = predictTrials(fit, {
        times: [3.5, 13, 14],
        conditions: ["up", 1, "up"],
        newConditions: [up],
        ...epochs(3),
      });
    if (found.status === "refused") throw new Error(found.because);
    const { model, rank, dt } = fit,
      { filterGain: _, ...params } = model.params,
      columns = model.params.c.shape[1],
      c = zeros([2, columns]),
      inputs = zeros([2, 8, 2]),
      x0 = zeros([2, units]);
    [0, 2].forEach((trial, k) => {
      c.data.fill(1, k * columns, (k + 1) * columns);
      c.data.set(found.trialFactors.mean.data.subarray(trial * rank, (trial + 1) * rank), k * columns);
      inputs.data.set(up.inputs?.data ?? [], k * 16);
      x0.data.set(up.initialState?.data ?? [], k * units);
    });
    const free = model.with({ params: { ...params, filterGain: undefined, c, x0 } }),
      { outputs } = simulate(free, inputs, { dt }),
      expected = form === "counts" ? expectedTargets(outputs, loss) : outputs;
    [0, 2].forEach((trial, k) =>
      expect(found.prediction.data.slice(trial * 18, (trial + 1) * 18)).toEqual(
        expected.data.slice(k * 24 + 6, (k + 1) * 24), // after the bins of preparation
      ),
    );
    // trials of a fitted condition beside them are what they were alone
    const alone = predictTrials(fit, { times: [13], conditions: [1], ...epochs(1) });
    if (alone.status === "refused") throw new Error(alone.because);
    expect(found.prediction.data.slice(18, 36)).toEqual(alone.prediction.data);
    // the condition's own inputs and the same in trials.inputs are one thing
    const { inputs: _own, ...start } = up,
      whole = predictTrials(fit, {
        times: [3.5, 14],
        conditions: ["up", "up"],
        newConditions: [start],
        inputs,
        ...epochs(2),
      });
    if (whole.status === "refused") throw new Error(whole.because);
    expect(whole.prediction.data.slice(0, 18)).toEqual(found.prediction.data.slice(0, 18));
  }
});

test("what a new condition lacks, or says twice, is refused by name", async () => {
  const training = { steps: 2, starts: 1 },
    perCondition = await fitLowTensorRank(noisy, 1, { conditions, inputs: 3, network: { units: 4 }, training }),
    shared = await fitLowTensorRank(noisy, 1, { ...options, training }),
    bare = await fitLowTensorRank(noisy, 1, { conditions, network: { units: 4 }, inputs: 0, training });
  const inputs = courseOf(left),
    initialState = zeros([4]),
    ask = (newConditions: readonly NewCondition[], names: readonly (string | number)[] = ["new"], fit = perCondition) =>
      predictTrials(fit, { times: names.map((_, k) => k), conditions: names, newConditions });
  const refused: readonly [() => unknown, string][] = [
    [() => ask([], ["new"]), "expected conditions that were fitted: 0, 1, 3, 4, got"],
    [() => ask([{ label: "new", inputs, initialState }], ["new", "newer"]), "3, 4, or are new: new, got"],
    [
      () => ask([{ label: "new", inputs }]),
      "trials.newConditions[0].initialState (4), since fitted trials do not share",
    ],
    [() => ask([{ label: "new", initialState }]), "trials.newConditions[0].inputs (10 × 3), or trials.inputs"],
    [() => ask([{ label: "new" }], ["new"], shared), "trials.newConditions[0].inputs (10 × 3), or trials.inputs"],
    [() => ask([{ label: "new", inputs: zeros([10, 2]), initialState }]), "inputs (10 × 3), got (10 × 2)"],
    [() => ask([{ label: "new", inputs, initialState: zeros([8]) }]), "initialState (4), got (8)"],
    [
      () => ask([{ label: 3, inputs, initialState }], [3]),
      "newConditions[0].label to name a condition that was neither",
    ],
    [
      () =>
        ask([
          { label: "new", inputs, initialState },
          { label: "new", inputs, initialState },
        ]),
      "newConditions[1].label to name a condition that was neither",
    ],
    [() => ask([{ label: "new", inputs, initialState }], [3]), "every new condition to be that of a trial"],
    [() => ask([{ label: Number.NaN, inputs, initialState }]), "newConditions[0].label to be a finite number"],
    [() => ask([{ label: "new", inputs: tensor([10, 3], inputs.data.with(7, Number.NaN)), initialState }]), "inputs"],
    [() => ask([{ label: "new", inputs, initialState: tensor([4], [0, 0, Infinity, 0]) }]), "initialState"],
    [() => ask([{ label: "new", initialstate: initialState } as never]), "Did you mean initialState?"],
    [
      () =>
        predictTrials(shared, {
          times: [3],
          conditions: ["new"],
          newConditions: [{ label: "new", inputs }],
          inputs: zeros([1, 10, 3]),
        }),
      "trials.newConditions[0] without inputs, since trials.inputs",
    ],
    // known inputs of a fitted condition beside a new one
    [() => ask([{ label: "new", inputs }], ["new", 3], shared), "expected trials.inputs, since"],
  ];
  for (const [call, text] of refused) {
    expect(call).toThrow(/^predictTrials: /);
    expect(call).toThrow(text);
  }
  for (const wrong of [null, 3, "x", [], {}, { shape: [1] }, { shape: [10, 3], data: [1] }, new Map(), () => 1])
    for (const key of ["label", "inputs", "initialState"]) {
      if (key === "label" && (wrong === 3 || wrong === "x")) continue;
      const one = { label: "new", inputs, initialState, [key]: wrong } as NewCondition;
      expect(() => ask([one])).toThrow(`predictTrials: expected trials.newConditions[0].${key} to be`);
    }
  const linear = await fitLowTensorRank(noisy, 1, { conditions, network: { units: 4, phi: "identity" }, training }),
    huge = tensor([4], [1e308, -1e308, 1e308, 1e308]);
  expect(() =>
    ask([{ label: "new", inputs: zeros([bins, linear.inputs.shape[2]]), initialState: huge }], ["new"], {
      ...linear,
      model: linear.model.with({ params: { a: { ...linear.model.params.a, data: new Float64Array(4).fill(1e300) } } }),
    }),
  ).toThrow(/^predictTrials: expected states that stay finite/);
  expect(inputs).toEqual(courseOf(left)); // what is given stays as it was
  // without inputs a condition is where it starts; a shared state may be replaced
  expect(ask([{ label: "new", initialState }], ["new"], bare).status).toBe("predicted");
  const as = (initialState?: NewCondition["initialState"]) =>
    ask([{ label: "new", inputs, ...(initialState ? { initialState } : {}) }], ["new"], shared);
  expect(as()).toEqual(as(tensor([8], shared.model.params.x0.data)));
  expect(as()).not.toEqual(as(zeros([8])));
});
