import { expect, test } from "vitest";
import { fitLowTensorRank, type LowTensorRankFit } from "../../src/fit";
import { pseudoInverse } from "../../src/linalg";
import { holdOut, observedMask } from "../../src/masks";
import { LowTensorRankRNN } from "../../src/models";
import {
  fixedTrialFactors,
  freeTrialFactors,
  gaussianTrialFactors,
  piecewiseConstantTrialFactors,
  randomWalkTrialFactors,
  type TrialFactors,
} from "../../src/parts";
import { simulate } from "../../src/run";
import { matmul, tensor, transpose, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { trialFactorUncertainty } from "../../src/uncertainty";
import { linearPrior } from "../../src/uncertainty/linear-prior";
import { close, distance } from "../support/close";
import { draw } from "../support/sweep";

/** A fit as a record, of a network as it is. */
function fitOf(model: LowTensorRankRNN, inputs: Tensor3, activity: Tensor3, prior: TrialFactors, mask: Tensor3) {
  const conditions = new Array<number>(inputs.shape[0]).fill(0),
    prediction = simulate(model, inputs, { dt: 0.5, conditions }).outputs;
  let squares = 0;
  mask.data.forEach((m, i) => {
    if (m) squares += (activity.data[i] - prediction.data[i]) ** 2;
  });
  const count = mask.data.reduce((sum, m) => sum + m, 0);
  const facts = {
    trialFactors: prior.description,
    loss: { kind: "meanSquaredError" },
    inputs: { kind: "knownInputs" },
  };
  return {
    model,
    rank: model.rank,
    inputs,
    conditions,
    conditionLabels: [0],
    dt: 0.5,
    preparation: 0,
    prediction,
    loss: squares / count / 2,
    checkpoint: { runs: [{ params: {} }] },
    provenance: { facts },
  } as unknown as LowTensorRankFit;
}

const trials = 7,
  times = [0, 1, 2, 3, 6, 7, 9],
  labels = [0, 0, 0, 1, 1, 1, 1];
const priors: readonly (readonly [string, TrialFactors])[] = [
  ["gaussian", gaussianTrialFactors({ times, length: 3, sigma: 2 }) as TrialFactors],
  [
    "gaussian, constants of epochs, noise",
    gaussianTrialFactors(
      { times, length: 3, kernel: "matern32", noise: 0.4 },
      { epochs: labels, constants: "perEpoch" },
    ) as TrialFactors,
  ],
  ["gaussian, a basis", gaussianTrialFactors({ times, length: 3, kernel: "rbf" }, { basis: 0.9 }) as TrialFactors],
  ["free", freeTrialFactors(trials) as TrialFactors],
  ["fixed", fixedTrialFactors(trials) as TrialFactors],
  ["random walk", randomWalkTrialFactors(times, { sigma: 0.5 }) as TrialFactors],
  ["piecewise constant", piecewiseConstantTrialFactors(labels) as TrialFactors],
];

test.each(priors)(
  "%s: where activity is linear in the factors, the posterior is that of Bayesian regression",
  (_, prior) => {
    // one step of an identity network: x_1 = x_0 + alpha (-x_0 + A diag(c) B' x_0)
    const d = draw(3),
      units = 9,
      rank = 2,
      [a, b] = [unit(d.normal([units, rank])), unit(d.normal([units, rank]))],
      truth = d.normal([trials, rank]),
      x0 = d.normal([1, units]);
    const model = new LowTensorRankRNN(
      { a, b, c: truth, x0, wIn: zeros([units, 0]) },
      { tau: 1, phi: "identity", reads: "states" },
    );
    const inputs = zeros([trials, 1, 0]),
      clean = simulate(model, inputs, { dt: 0.5, conditions: new Array(trials).fill(0) }).outputs,
      activity = { shape: clean.shape, data: clean.data.map((x) => x + 0.3 * d.normal([1]).data[0]) },
      mask = { shape: clean.shape, data: clean.data.map((_, i) => (i % 5 === 0 && i > 9 ? 0 : 1)) };
    const fit = fitOf(model, inputs, activity, prior, mask),
      found = trialFactorUncertainty(fit, activity, { mask, network: "known" });
    // the same by dense algebra, with the noise that was found: y = X theta + e, theta normal
    const { design, precision } = linearPrior("test", prior),
      count = design.shape[1],
      observed = [...mask.data.keys()].filter((i) => mask.data[i] === 1),
      x = zeros([observed.length, count * rank]),
      y = zeros([observed.length, 1]);
    const kappa = [0, 1].map((r) => x0.data.reduce((sum, h, i) => sum + b.data[i * rank + r] * h, 0));
    observed.forEach((index, row) => {
      const [k, n] = [Math.floor(index / units), index % units];
      y.data[row] = activity.data[index] - 0.5 * x0.data[n];
      for (let i = 0; i < count; i++)
        for (let r = 0; r < rank; r++)
          x.data[row * count * rank + i * rank + r] =
            design.data[k * count + i] * 0.5 * a.data[n * rank + r] * kappa[r];
    });
    const whole = matmul(transpose(x), x);
    for (let i = 0; i < count * rank; i++)
      whole.data[i * (count * rank + 1)] += found.noise ** 2 * precision[Math.floor(i / rank)];
    const inverse = pseudoInverse(whole),
      theta = matmul(inverse, matmul(transpose(x), y));
    const mean = matmul(design, { shape: [count, rank], data: theta.data });
    close(found.factors, mean, 1e-5); // the mode is found to a thousandth of a deviation
    for (let k = 0; k < trials; k++)
      for (let r = 0; r < rank; r++)
        for (let s = 0; s < rank; s++) {
          let sum = 0;
          for (let i = 0; i < count; i++)
            for (let j = 0; j < count; j++)
              sum +=
                design.data[k * count + i] *
                inverse.data[(i * rank + r) * count * rank + j * rank + s] *
                design.data[k * count + j];
          const got = found.covariances.data[(k * rank + r) * rank + s];
          expect(Math.abs(got - found.noise ** 2 * sum)).toBeLessThan(1e-8);
        }
    // the noise: residuals over their number less the parameters that the factors are worth
    const residual = y.data.reduce((sum, value, row) => {
      let fitted = 0;
      for (let i = 0; i < count * rank; i++) fitted += x.data[row * count * rank + i] * theta.data[i];
      return sum + (value - fitted) ** 2;
    }, 0);
    expect(Math.abs(residual / (observed.length - found.effectiveParameters) / found.noise ** 2 - 1)).toBeLessThan(
      2e-3,
    );
    expect(found.effectiveParameters).toBeLessThanOrEqual(count * rank + 1e-9);
    if (!prior.prior) expect(found.effectiveParameters).toBeCloseTo(count * rank, 6);
  },
);

function unit(m: Matrix): Matrix {
  const [rows, columns] = m.shape,
    out = zeros([rows, columns]);
  for (let r = 0; r < columns; r++) {
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += m.data[i * columns + r] ** 2;
    for (let i = 0; i < rows; i++) out.data[i * columns + r] = m.data[i * columns + r] / Math.sqrt(squares);
  }
  return out;
}

const d = draw(8),
  steps = 12,
  small = (() => {
    const model = new LowTensorRankRNN(
      {
        a: unit(d.normal([5, 1])),
        b: unit(d.normal([5, 1])),
        c: d.normal([10, 1]),
        x0: d.normal([2, 5]),
        wIn: d.normal([5, 2]),
        bias: d.normal([5]),
      },
      { tau: 2 },
    );
    const conditions = Array.from({ length: 10 }, (_, k) => k % 2),
      inputs = d.normal([10, steps, 2]),
      clean = simulate(model, inputs, { dt: 1, conditions }).outputs;
    return {
      conditions,
      inputs,
      activity: { shape: clean.shape, data: clean.data.map((x) => x + 0.1 * d.normal([1]).data[0]) },
    };
  })();
const fitted = (options = {}) =>
  fitLowTensorRank(small.activity, 1, {
    conditions: small.conditions,
    inputs: small.inputs,
    decoder: "identity",
    training: { steps: 200, starts: 1 },
    ...options,
  });

test("the gauge of the model does not matter: scales of columns go into the factors", async () => {
  const fit = await fitted(),
    { a, b, c } = fit.model.params;
  const times = (x: Matrix, s: number): Matrix => ({ shape: x.shape, data: x.data.map((v) => s * v) });
  const other = {
    ...fit,
    model: fit.model.with({ params: { a: times(a, 3), b: times(b, -0.5), c: times(c, -1 / 1.5) } }),
  };
  const [one, two] = [trialFactorUncertainty(fit, small.activity), trialFactorUncertainty(other, small.activity)];
  close(times(two.factors, -1.5), one.factors, 1e-9);
  close(times(two.deviations, 1.5), one.deviations, 1e-9);
  expect(Math.abs(two.noise / one.noise - 1)).toBeLessThan(1e-12);
});

test("deviations are in the unit of the activity's noise: more of it, and they grow as it does", async () => {
  const fit = await fitted(),
    { deviations, noise, covers, provenance } = trialFactorUncertainty(fit, small.activity, { network: "known" });
  const scaled = (x: Tensor3, s: number): Tensor3 => ({
    shape: x.shape,
    data: x.data.map((v, i) => s * (v - fit.prediction.data[i]) + fit.prediction.data[i]),
  });
  const louder = trialFactorUncertainty({ ...fit, loss: 1.44 * fit.loss }, scaled(small.activity, 1.2), {
      network: "known",
      trialFactors: freeTrialFactors(10) as TrialFactors,
    }),
    usual = trialFactorUncertainty(fit, small.activity, {
      network: "known",
      trialFactors: freeTrialFactors(10) as TrialFactors,
    });
  expect(Math.abs(louder.noise / usual.noise - 1.2)).toBeLessThan(0.02);
  expect(
    distance(
      louder.deviations.data,
      usual.deviations.data.map((x) => 1.2 * x),
    ),
  ).toBeLessThan(0.05);
  expect(noise).toBeGreaterThan(0.08);
  // a prior only narrows
  usual.deviations.data.forEach((wide, i) => expect(deviations.data[i]).toBeLessThan(1.0001 * wide));
  expect(covers).toContain("the network and its inputs as the fit has them");
  expect(provenance.options).toMatchObject({ network: "known", trialFactors: { kind: "gaussianTrialFactors" } });
});

test("learned inputs count as estimated, known ones do not", async () => {
  const learned = trialFactorUncertainty(await fitted({ inputs: 2 }), small.activity),
    known = trialFactorUncertainty(await fitted(), small.activity);
  expect(learned.covers).toContain("inputs, initial states, and column and row factors estimated");
  expect(known.covers).toContain("and inputs as they are");
});

test("where validation entries kept an earlier step, factors are for its network, with its errors", async () => {
  const { train: mask, validation } = holdOut(observedMask(small.activity), { half: [1, 1, 1], validation: 0.2 }),
    fit = await fitted({ inputs: 2, mask, validation }),
    [{ steps }] = fit.starts;
  expect(fit.bestStep).toBeLessThan(steps); // too few trials for inputs of every bin
  const options = { mask } as const,
    kept = trialFactorUncertainty(fit, small.activity, options),
    known = trialFactorUncertainty(fit, small.activity, { ...options, network: "known" });
  kept.deviations.data.forEach((wide, i) => {
    expect(wide).toBeGreaterThan(known.deviations.data[i]);
    // the mode is found to a thousandth of a deviation
    expect(Math.abs(kept.factors.data[i] - known.factors.data[i])).toBeLessThan(2e-3 * known.deviations.data[i]);
  });
  const c = fit.model.params.c.data,
    off = kept.factors.data.map((x, i) => Math.abs(x - c[i]) / kept.deviations.data[i]);
  expect(kept.shift).toBe(Math.max(...off));
  expect(kept.status).toBe("converged"); // at any distance from the factors that were stopped
  expect(kept.covers).toContain("how far from its best validation entries stopped it");
  expect(known.covers).not.toContain("stopped it");
  // the same network, as the last step of its start
  const [run] = fit.checkpoint.runs,
    last = { ...fit, checkpoint: { ...fit.checkpoint, runs: [{ ...run, step: fit.bestStep }] } },
    ofLast = trialFactorUncertainty(last, small.activity, options);
  expect(ofLast.deviations).toEqual(kept.deviations);
  expect(ofLast.factors).not.toEqual(kept.factors); // a step of what trials share goes with it
  expect(ofLast.covers).not.toContain("stopped it");
});

test("preparatory bins are run and not compared; a static part stays as it is", async () => {
  const fit = await fitted({ network: { preparation: 3, staticRank: 2 }, inputs: 2 }),
    found = trialFactorUncertainty(fit, small.activity);
  expect(found.factors.shape).toEqual([10, 1]);
  expect(found.deviations.data.every((x) => x > 0 && Number.isFinite(x))).toBe(true);
});

const message = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

test("wrong calls name the place and the fix", async () => {
  const fit = await fitted(),
    { activity } = small;
  const loud = { ...activity, data: activity.data.map((x) => 2 * x) };
  expect(message(() => trialFactorUncertainty(fit, loud))).toContain(
    "trialFactorUncertainty: expected the activity and mask of the fit, whose loss is",
  );
  expect(message(() => trialFactorUncertainty(fit, zeros([10, steps, 4])))).toContain("expected activity of shape");
  expect(message(() => trialFactorUncertainty({} as never, activity))).toContain(
    "fit to be what fitLowTensorRank gave",
  );
  expect(
    message(() => trialFactorUncertainty(structuredClone({ ...fit, model: fit.model.toJSON() }) as never, activity)),
  ).toContain("bring the model back with modelFromJson");
  expect(
    message(() => trialFactorUncertainty(fit, activity, { trialFactors: freeTrialFactors(3) as TrialFactors })),
  ).toContain("expected trial factors of 10 trials, those of the fit, got 3");
  expect(message(() => trialFactorUncertainty(fit, activity, { network: "both" as never }))).toContain(
    '"estimated" or "known"',
  );
  const squares = Object.assign(
    ({ c }: { c: Matrix }) => [{ ...c, data: c.data.map((x) => x * x) }, (dc: Matrix) => ({ c: dc })] as const,
    {
      description: { kind: "squares" },
      trials: 10,
      start: (rank: number) => ({ c: tensor([10, rank], new Array(10 * rank).fill(1)) }),
    },
  );
  expect(message(() => trialFactorUncertainty(fit, activity, { trialFactors: squares as never }))).toContain(
    "got those of squares, which are not. Ask for a bootstrap",
  );
  const counts = { ...activity, data: activity.data.map((x) => Math.round(Math.abs(5 * x))) },
    poisson = await fitLowTensorRank(counts, 1, {
      decoder: "linear",
      network: { units: 4 },
      training: { steps: 3, starts: 1, loss: "poisson" },
    });
  expect(message(() => trialFactorUncertainty(poisson, counts))).toContain(
    "expected a fit of half the mean squared error",
  );
  // a trial without an entry, and no prior to borrow by
  const mask = zeros(activity.shape);
  mask.data.fill(1, steps * 5);
  const partly = await fitted({ mask, network: { trialKernel: freeTrialFactors(10) } });
  expect(message(() => trialFactorUncertainty(partly, activity, { mask }))).toContain(
    "expected activity and a prior that determine all trial factors",
  );
});

test("missing entries of a fit that had a mask ask for the mask of the fit", async () => {
  const gaps = { ...small.activity, data: small.activity.data.map((x, i) => (i % 7 === 3 ? Number.NaN : x)) },
    mask = observedMask(gaps),
    fit = await fitLowTensorRank(gaps, 1, {
      mask,
      conditions: small.conditions,
      inputs: small.inputs,
      decoder: "identity",
      training: { steps: 5, starts: 1 },
    });
  expect(message(() => trialFactorUncertainty(fit, gaps))).toBe(
    "trialFactorUncertainty: expected the mask of the fit, or finite entries in activity, got no mask, and NaN at " +
      "index [0, 0, 3]. Pass the mask that the fit was given: trialFactorUncertainty(fit, activity, { mask }).",
  );
  expect(trialFactorUncertainty(fit, gaps, { mask }).factors.shape).toEqual([10, 1]);
  // a fit without a mask had finite activity
  const whole = await fitted({ training: { steps: 5, starts: 1 } });
  expect(message(() => trialFactorUncertainty(whole, gaps))).toContain("expected finite entries in activity, got NaN");
});
