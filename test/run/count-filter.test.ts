import { expect, test } from "vitest";
import { last } from "../../src/base";
import { expectedTargets, negativeBinomialLoss, poissonLoss, type CountInnovation } from "../../src/losses";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { sgd } from "../../src/optim";
import { lossAndGradient, simulate, type Batch, type LossOptions } from "../../src/run";
import { tensor, zeros, type Matrix, type Params, type Tensor3 } from "../../src/tensor";
import { miniBatches, networkObjective, train } from "../../src/train";
import { gradcheck } from "../support/gradcheck";
import { sweep, type Draw } from "../support/sweep";

const kinds = ["residual", "score", "pearson"] as const;

/** A network with a gain, and counts with holes that correct it. */
function drawn(d: Draw, trials: number, innovation: CountInnovation) {
  const [units, outputs, steps] = [d.int(1, 6), d.int(1, 3), d.int(1, 7)],
    spec = { units, inputs: 2, outputs, phi: (["tanh", "softplus"] as const)[d.int(0, 1)] },
    reads = d.int(0, 1) ? ("rates" as const) : ("states" as const),
    plain = d.int(0, 1)
      ? FullRankRNN.random({ ...spec, reads }, d.seed)
      : LowTensorRankRNN.random({ ...spec, reads, rank: 2, trials }, d.seed),
    model = plain.with({ params: { filterGain: d.normal([units, outputs], 0.1) } }) as typeof plain,
    observed: Tensor3 = zeros([trials, steps, outputs]),
    observedMask: Tensor3 = zeros(observed.shape);
  observed.data.forEach((_, i) => {
    observedMask.data[i] = d.int(0, 3) > 0 ? 1 : 0;
    observed.data[i] = observedMask.data[i] ? d.int(0, 4) : NaN;
  });
  const targets: Tensor3 = { shape: observed.shape, data: observed.data.map(() => d.int(0, 5)) },
    batch: Batch = { inputs: d.normal([trials, steps, 2]), targets, observed, observedMask };
  return { model, batch, options: { dt: 0.3, innovation } };
}

test.each(kinds)("a filter of counts passes finite differences in all parameters, and its gain: %s", (kind) =>
  sweep((d) => {
    const link = d.int(0, 1) ? "exp" : "softplus",
      binWidth = 0.4,
      { model, batch, options } = drawn(d, d.int(1, 19), { kind, link, binWidth }),
      loss = [
        poissonLoss({ link, binWidth }),
        negativeBinomialLoss({ link, binWidth, dispersion: 0.5 }),
        negativeBinomialLoss({ link, binWidth, dispersion: "shared", logDispersion: [-1] }),
      ][d.int(0, 2)],
      with_: LossOptions = { ...options, loss, integrator: d.int(0, 1) ? "heun" : "euler" },
      got = lossAndGradient(model, batch, with_);
    gradcheck(
      (params) => lossAndGradient(model.with({ params }) as typeof model, batch, with_).loss,
      model.params as Params,
      got.gradients as Params,
      d.normal,
      3e-7,
    );
    const single = lossAndGradient(model, batch, { ...with_, precision: "float32" });
    expect(Math.abs(single.loss - got.loss)).toBeLessThan(1e-4 * (1 + Math.abs(got.loss)));
  }, 12),
);

test.each(kinds)("states are corrected by what counts say, step by step as it is defined: %s", (kind) =>
  sweep((d) => {
    const binWidth = 0.3,
      { model, batch, options } = drawn(d, 1, { kind, binWidth }),
      { observed, observedMask, inputs } = batch as Required<Batch>,
      [, steps, outputs] = observed.shape,
      { units } = model,
      { outputs: y } = simulate(model, inputs, { ...options, observed, observedMask }),
      gain = model.params.filterGain as Matrix;
    let x: Matrix = { shape: [1, units], data: model.params.x0.data.slice(0, units) };
    for (let t = 0; t < steps; t++) {
      const u: Tensor3 = { shape: [1, 1, 2], data: inputs.data.slice(2 * t, 2 * t + 2) },
        one = simulate(model.with({ params: { x0: x } }) as typeof model, u, { dt: 0.3, trials: [0] });
      x = { shape: [1, units], data: one.states.data.slice(units) };
      one.outputs.data.forEach((z, j) => {
        expect(y.data[t * outputs + j]).toBeCloseTo(z, 12);
        const f = Math.log1p(Math.exp(z)),
          slope = 1 / (1 + Math.exp(-z)),
          e = observed.data[t * outputs + j] - binWidth * f,
          by = { residual: e, score: (e * slope) / f, pearson: e / Math.sqrt(binWidth * f) }[kind];
        if (observedMask.data[t * outputs + j] === 1)
          for (let i = 0; i < units; i++) x.data[i] += gain.data[i * outputs + j] * by;
      });
    }
    // the score is minus the slope of the loss
    const z = y.data[0];
    expect(expectedTargets(y, poissonLoss({ binWidth })).data[0]).toBeCloseTo(binWidth * Math.log1p(Math.exp(z)), 12);
  }, 10),
);

test("mini-batches and threads see the same filter, and wrong innovations are refused", async () => {
  const d = { seed: 3 },
    model = FullRankRNN.random({ units: 4, inputs: 1, outputs: 2 }, d.seed).with({
      params: { filterGain: tensor([4, 2], [0.1, 0, -0.2, 0.1, 0.05, 0, 0.1, 0.1]) },
    }),
    counts: Tensor3 = { shape: [24, 5, 2], data: Float64Array.from({ length: 240 }, (_, i) => (i * i) % 4) },
    batch = { inputs: zeros([24, 5, 1]), targets: counts, observed: counts },
    options: LossOptions = { loss: "poisson", innovation: { kind: "score" } },
    one = await last(
      train(networkObjective(model, batch, options), model.params as Params, { optimizer: sgd(0.1), steps: 3 }),
    ),
    two = await last(
      train(networkObjective(model, batch, options), model.params as Params, {
        optimizer: sgd(0.1),
        steps: 3,
        threads: 2,
      }),
    );
  expect(two.loss).toBeCloseTo(one.loss, 12);
  const small = await last(
    train(networkObjective(model, miniBatches(model, batch, { size: 6 }), options), model.params as Params, {
      steps: 2,
    }),
  );
  expect(small.step).toBe(2);
  const refused = (more: object, at: object = batch) =>
    expect(() => lossAndGradient(model, at as Batch, { ...options, ...more } as LossOptions));
  refused({ innovation: { kind: "scores" } }).toThrow(
    'expected innovation.kind to be "residual" or "score" or "pearson"',
  );
  refused({ innovation: { kind: "score", binWidth: 0 } }).toThrow("innovation.binWidth");
  refused({}, { ...batch, observed: undefined }).toThrow("expected observed beside innovation");
  const half = { shape: counts.shape, data: counts.data.map((n, i) => (i === 7 ? 0.5 : n)) };
  refused({}, { ...batch, observed: half }).toThrow("got 0.5 at index [0, 3, 1]");
});
