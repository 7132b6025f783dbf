// Exact gradients by central differences, for every combination of network, activation, time constants, readout, loss
// and integrator.
import { expect, test } from "vitest";
import { exp } from "../../src/base";
import type { CustomActivation, Integrator } from "../../src/kernels";
import {
  headLoss,
  isCustom,
  meanSquaredError,
  negativeBinomialLoss,
  poissonLoss,
  withParams,
  type Loss,
} from "../../src/losses";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, type Setting } from "../../src/models";
import { lossAndGradient, simulate, type Batch } from "../../src/run";
import { zeros, type Params, type Tensor3 } from "../../src/tensor";
import { distance } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { draw as drawing, type Draw } from "../support/sweep";

const kinds = ["full rank", "low rank", "low tensor rank"] as const;

/** x sigmoid(x): it falls and rises, so that its derivative is no function of the rate. */
const swish: CustomActivation = {
  name: "swish",
  value: (x) => x / (1 + exp(-x)),
  derivative: (x) => {
    const s = 1 / (1 + exp(-x));
    return s + x * s * (1 - s);
  },
};
const phis = ["tanh", "softplus", "identity", "relu", swish] as const;
const nameOf = (phi: Setting["phi"]) => (typeof phi === "string" ? phi : `${phi.name} (custom)`);

/** Half the squared error of y m', m a parameter of the loss. */
const mixing = (draw: Draw, outputs: number): Loss =>
  headLoss({
    kind: "head",
    name: "mixing",
    params: { m: draw.normal([outputs, outputs]) },
    predict: (y, { m }) => ({ shape: y.shape, data: mixed(y, m!.data, false) }),
    adjoint(y, d, { m }) {
      const gradient = zeros(m!.shape),
        n = outputs;
      for (let row = 0; row < y.data.length; row += n)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) gradient.data[i * n + j] += d.data[row + i] * y.data[row + j];
      return { dOutputs: { shape: y.shape, data: mixed(d, m!.data, true) }, gradients: { m: gradient } };
    },
  });

function mixed({ shape, data }: Tensor3, m: Float64Array, transposed: boolean): Float64Array {
  const n = shape[2];
  return data.map((_, at) => {
    const row = at - (at % n),
      i = at % n;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += data[row + j] * (transposed ? m[j * n + i] : m[i * n + j]);
    return sum;
  });
}

const losses = {
  "squared error": () => meanSquaredError,
  "Poisson, softplus": () => poissonLoss({ binWidth: 0.5, gain: 0.7 }),
  "Poisson, exp": () => poissonLoss({ binWidth: 0.5, gain: 0.7, link: "exp" }),
  "negative binomial": () => negativeBinomialLoss({ dispersion: 0.4, binWidth: 0.5 }),
  "a head with parameters": mixing,
} as const;

const units = 4,
  trials = 3,
  steps = 4,
  inputs = 2;

/** Parameters of every sort. States of a relu stay away from its kink, where differences are none. */
function drawModel(draw: Draw, kind: (typeof kinds)[number], setting: Setting, readout: boolean) {
  const kinked = setting.phi === "relu",
    weak = kinked ? 0.1 : 1,
    outputs = readout ? 3 : units;
  const away = kinked
      ? Float64Array.from({ length: units }, (_, i) => (i % 2 ? 3 : -3))
      : draw.normal([units], 0.3).data,
    x0 = draw.normal([trials, units], 0.5);
  const shared = {
    wIn: draw.normal([units, inputs], weak),
    x0: kinked ? { ...x0, data: x0.data.map((x, i) => away[i % units] + weak * x) } : x0,
    bias: { shape: [units] as const, data: away },
    ...(readout ? { readout: draw.normal([outputs, units], 0.5) } : {}),
    readoutGain: draw.normal([outputs]),
    readoutBias: draw.normal([outputs]),
  };
  if (kind === "full rank") return new FullRankRNN({ ...shared, w: draw.normal([units, units], 0.4 * weak) }, setting);
  const [a, b] = [draw.normal([units, 2], 0.7 * weak), draw.normal([units, 2], 0.7)];
  return kind === "low rank"
    ? new LowRankRNN({ ...shared, m: a, n: b }, setting)
    : new LowTensorRankRNN(
        { ...shared, a, b, c: draw.normal([trials, 2]), w0: draw.normal([units, units], 0.4 * weak) },
        setting,
      );
}

/** All gradients: of the model's parameters, the inputs, and those that the loss brings along. */
function checkAll(draw: Draw, model: ReturnType<typeof drawModel>, batch: Batch, loss: Loss, integrator: Integrator) {
  const options = { dt: 0.2, integrator, loss, ...(draw.seed % 3 ? {} : { ratePenalty: { l1: 0.1, l2: 0.3 } }) },
    { gradients, inputGradients, customGradients } = lossAndGradient(model, batch, options);
  gradcheck(
    (params) => lossAndGradient(model.with({ params }), batch, options).loss,
    model.params as Params,
    gradients as Params,
    draw.normal,
  );
  gradcheck(
    (own) => lossAndGradient(model, { ...batch, inputs: own.inputs as Tensor3 }, options).loss,
    { inputs: batch.inputs },
    { inputs: inputGradients },
    draw.normal,
  );
  if (isCustom(loss))
    gradcheck(
      (own) => lossAndGradient(model, batch, { ...options, loss: withParams(loss, own) }).loss,
      loss.params,
      customGradients!,
      draw.normal,
    );
}

for (const kind of kinds)
  for (const phi of phis)
    test(`${kind}, ${nameOf(phi)}: every gradient, for all readouts, losses, integrators and time constants`, () => {
      let seed = 0;
      for (const [name, make] of Object.entries(losses))
        for (const reads of ["rates", "states"] as const)
          for (const readout of [true, false])
            for (const integrator of ["euler", "heun"] as const)
              for (const own of [false, true]) {
                const draw = drawing(++seed),
                  tau = own ? { shape: [units] as const, data: Float64Array.of(0.25, 0.8, 2, 0.4) } : 0.8,
                  model = drawModel(draw, kind, { phi, reads, tau }, readout),
                  outputs = readout ? 3 : units,
                  loss = make(draw, outputs),
                  counts = loss.kind === "poisson" || loss.kind === "negativeBinomial";
                const targets = draw.normal([trials, steps, outputs]);
                targets.data.forEach((x, at) => (targets.data[at] = counts ? Math.round(Math.abs(2 * x)) : x));
                const mask = zeros(targets.shape);
                mask.data.forEach((_, at) => (mask.data[at] = at % 5 ? 1 : 0));
                const batch = { inputs: draw.normal([trials, steps, inputs]), targets, mask };
                try {
                  checkAll(draw, model, batch, loss, integrator);
                } catch (error) {
                  (error as Error).message =
                    `${name}, ${reads}, ${readout ? "a readout" : "none"}, ${integrator}, ` +
                    `${own ? "tau of units" : "one tau"}: ${(error as Error).message}`;
                  throw error;
                }
              }
      expect(seed).toBe(Object.keys(losses).length * 16);
    });

test("a filter with a custom activation and time constants of units passes finite differences", () => {
  for (let seed = 1; seed <= 16; seed++) {
    const draw = drawing(seed),
      setting = {
        phi: swish,
        reads: seed % 2 ? ("rates" as const) : ("states" as const),
        tau: { shape: [units] as const, data: Float64Array.of(0.25, 0.8, 2, 0.4) },
      };
    const plain = drawModel(draw, kinds[seed % 3], setting, true),
      model = plain.with({ params: { filterGain: draw.normal([units, 3], 0.3) } }) as typeof plain,
      shape = [trials, steps, 3] as const;
    const batch = {
      inputs: draw.normal([trials, steps, inputs]),
      targets: draw.normal(shape),
      observed: draw.normal(shape),
    };
    checkAll(draw, model, batch, meanSquaredError, seed % 4 < 2 ? "euler" : "heun");
  }
});

test("time constants of units: each unit takes steps of its own alpha, with noise of its own size", () => {
  const tau = { shape: [units] as const, data: Float64Array.of(0.25, 0.8, 2, 0.4) },
    draw = drawing(3),
    model = drawModel(draw, "full rank", { phi: "tanh", reads: "states", tau }, false) as FullRankRNN;
  const u = draw.normal([trials, steps, inputs]),
    { states } = simulate(model, u, { dt: 0.2 }),
    { w, wIn, bias } = model.params;
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < steps; t++)
      for (let i = 0; i < units; i++) {
        const row = (k * (steps + 1) + t) * units;
        let drive = bias!.data[i];
        for (let j = 0; j < units; j++) drive += w.data[i * units + j] * Math.tanh(states.data[row + j]);
        for (let j = 0; j < inputs; j++) drive += wIn.data[i * inputs + j] * u.data[(k * steps + t) * inputs + j];
        const x = states.data[row + i];
        expect(Math.abs(states.data[row + units + i] - (x + (0.2 / tau.data[i]) * (drive - x)))).toBeLessThan(1e-14);
      }
  // a unit alone has a standing deviation of about sigma, whatever its time constant
  const bare = FullRankRNN.random({ units, inputs: 1, gain: 0, tau, phi: "identity" }, 1),
    { rates } = simulate(bare, zeros([40, 400, 1]), { dt: 0.02, noise: { sigma: 0.5, seed: 3 } });
  for (let i = 0; i < units; i++) {
    let squares = 0,
      count = 0;
    for (let k = 0; k < 40; k++)
      for (let t = 200; t < 400; t++, count++) squares += rates.data[(k * 400 + t) * units + i] ** 2;
    const alpha = 0.02 / tau.data[i]; // variance of x' = (1 - alpha) x + sigma sqrt(2 alpha) xi: 2 sigma² / (2 - alpha)
    // 40 trials of 2 to 16 correlation times: about 80 independent numbers at least, so a deviation good to 8 %
    expect(Math.abs(Math.sqrt(squares / count) / (0.5 * Math.sqrt(2 / (2 - alpha))) - 1), `unit ${i}`).toBeLessThan(
      0.15,
    );
  }
});

test("one tau for every unit is one tau, in float32 too, and the default step is a tenth of the smallest", () => {
  const draw = drawing(4);
  for (const integrator of ["euler", "heun"] as const)
    for (const precision of ["float64", "float32"] as const) {
      const one = drawModel(draw, "low rank", { phi: "softplus", reads: "rates", tau: 0.4 }, true),
        tau = { shape: [units] as const, data: new Float64Array(units).fill(0.4) },
        each = one.with({ tau }) as typeof one,
        batch = { inputs: draw.normal([trials, steps, inputs]), targets: draw.normal([trials, steps, 3]) };
      const [want, got] = [one, each].map((model) => lossAndGradient(model, batch, { integrator, precision }));
      expect(got.provenance.options.dt).toBe(0.04);
      for (const [name, g] of Object.entries(want.gradients as Params))
        expect(distance((got.gradients as Params)[name]!.data, g!.data), name).toBeLessThan(
          precision === "float64" ? 1e-13 : 1e-5,
        );
    }
});
